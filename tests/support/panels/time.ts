// Time as all panels share it: the timeline below them, the instant under the pointer, the instant at which the screen stands.
import type { Locator } from 'playwright-core';
import { eventually, type WindowPage } from '../page-objects.ts';
import { numberIn } from './panel-page.ts';

/** The timeline and what it does to the window. */
export class TimePage {
  readonly window: WindowPage;

  constructor(window: WindowPage) {
    this.window = window;
  }

  get strip(): Locator {
    return this.window.page.getByRole('slider', { name: 'Timeline' });
  }

  /** The lines at the instant under the pointer, in whichever panel they stand. */
  get hoverMarks(): Locator {
    return this.window.page.locator('.time-mark.hovered:visible');
  }

  get chosenMarks(): Locator {
    return this.window.page.locator('.time-mark.chosen:visible');
  }

  /** The instant that the words beside the strip are about, in seconds since boot. */
  async instant(): Promise<number> {
    return numberIn(await this.window.page.getByTestId('timeline-words').locator('span').first().textContent());
  }

  async pause(): Promise<void> {
    await this.window.press('Pause');
    await this.pausedAt.waitFor();
  }

  async goOn(): Promise<void> {
    await this.window.press('Go on');
    await this.pausedAt.waitFor({ state: 'detached' });
  }

  /** Where the screen stands. */
  get pausedAt(): Locator {
    return this.window.page.getByTestId('paused-at');
  }

  until<T>(read: () => Promise<T>, wanted: (value: T) => boolean, what: string): Promise<T> {
    return eventually(this.window.page, read, wanted, what);
  }
}
