// Traffic between the two ports.
import type { WindowPage } from '../page-objects.ts';
import { numberIn, PanelPage } from './panel-page.ts';

/** The panel. */
export class TrafficPage extends PanelPage {
  constructor(window: WindowPage) {
    super(window, 'Traffic');
  }

  async set(name: 'Frames/s' | 'Bytes', value: number): Promise<void> {
    await this.region.getByLabel(name, { exact: true }).fill(String(value));
  }

  /** What it says of itself: `off`, why there can be none, or how many frames were sent and by whom. */
  state(): Promise<string> {
    return this.words(this.region.locator('.traffic-sent'));
  }

  /** Frames that were sent since it runs. */
  async sent(): Promise<number> {
    return numberIn(await this.state());
  }

  /** Writes a line into the kernel log. */
  async mark(text: string): Promise<void> {
    const field = this.region.getByLabel('Mark', { exact: true });
    await field.fill(text);
    await field.press('Enter');
  }
}
