// What the page objects of all panels have in common: a named region, brought into sight by its key in the rail.
import type { Locator, Page } from 'playwright-core';
import { eventually, type WindowPage } from '../page-objects.ts';

/** A guest that a busy machine emulates takes its time to answer. */
export const limit = { timeout: 60_000 };

/** A panel as a user sees it. */
export class PanelPage {
  readonly window: WindowPage;
  readonly name: string;

  constructor(window: WindowPage, name: string) {
    this.window = window;
    this.name = name;
  }

  get page(): Page {
    return this.window.page;
  }

  get region(): Locator {
    return this.window.panel(this.name);
  }

  /** Brings it into sight. */
  async show(): Promise<this> {
    await this.window.showPanel(this.name);
    return this;
  }

  /** A button of the panel. */
  button(name: string | RegExp): Locator {
    return this.region.getByRole('button', { name, exact: typeof name === 'string' });
  }

  async press(name: string | RegExp): Promise<void> {
    await this.button(name).first().click(limit);
  }

  until<T>(read: () => Promise<T>, wanted: (value: T) => boolean, what: string): Promise<T> {
    return eventually(this.page, read, wanted, what);
  }

  /** The words of a part, or an empty text. */
  async words(part: Locator): Promise<string> {
    return ((await part.textContent({ timeout: 5000 })) ?? '').trim();
  }
}

/** The first number of a text as the window writes it, with thin spaces between thousands. */
export const numberIn = (text: string | null): number => {
  const digits = /[-−]?\d[\d\u2009]*(\.\d+)?/.exec(text ?? '')?.[0];
  return digits === undefined ? Number.NaN : Number(digits.replaceAll('\u2009', '').replace('−', '-'));
};

/** Whether a canvas shows something: a blank one has one colour. */
export const coloursOf = (canvas: Locator): Promise<number> =>
  canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const pixels = (element as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
    return new Set(new Uint32Array(Uint8ClampedArray.from(pixels).buffer)).size;
  });

/** A canvas as text: another one when something moved. */
export const pictureOf = (canvas: Locator): Promise<string> => canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
