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

  /** What it says of itself: `off`, or how many frames were sent. */
  state(): Promise<string> {
    return this.words(this.region.locator('.wide .number'));
  }

  async sent(): Promise<number> {
    return numberIn((await this.state()).replace(/^running, /, ''));
  }

  /** Writes a line into the kernel log. */
  async mark(text: string): Promise<void> {
    const field = this.region.getByLabel('Mark', { exact: true });
    await field.fill(text);
    await field.press('Enter');
  }
}
