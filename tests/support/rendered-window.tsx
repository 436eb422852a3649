// The window's components on a model that is connected to nothing: a test tells events and reads words.
import { act, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import type { SessionEvent } from '../../main/common/protocol.ts';
import { applyEvent } from '../../renderer/state/session-store.ts';
import { WindowModel } from '../../renderer/state/window-model.ts';
import { ModelProvider } from '../../renderer/ui/model-context.tsx';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

/** A place in the document and the model behind it. To be made before each test and ended after it. */
export class RenderedWindow {
  readonly model = new WindowModel({
    dial: () => new Promise(() => undefined),
    clock: { requestFrame: (run) => run(), afterPaint: (run) => run() },
    application: 'test',
    keptLayout: null,
    later: () => undefined,
  });
  readonly place = document.createElement('div');
  readonly #root: Root;

  constructor() {
    this.model.session.setState({ connection: { name: 'open' } });
    document.body.append(this.place);
    this.#root = createRoot(this.place);
  }

  show(element: ReactNode): void {
    act(() => this.#root.render(<ModelProvider value={this.model}>{element}</ModelProvider>));
  }

  tell(...events: SessionEvent[]): void {
    act(() => {
      for (const event of events) {
        if (event.type === 'observation') this.model.observationHistory.add(event);
        applyEvent(this.model.session, event);
      }
    });
  }

  /** Takes everything away, dialogs beside the place too. */
  end(): void {
    act(() => this.#root.unmount());
    document.body.replaceChildren();
  }
}
