// The kernel log.
import type { Locator } from 'playwright-core';
import type { WindowPage } from '../page-objects.ts';
import { PanelPage } from './panel-page.ts';

/** The panel. */
export class KernelLogPage extends PanelPage {
  constructor(window: WindowPage) {
    super(window, 'Kernel log');
  }

  line(text: string | RegExp): Locator {
    return this.region.getByTestId('log-record').filter({ hasText: text });
  }

  async filter(text: string): Promise<void> {
    await this.region.getByLabel('Filter by text', { exact: true }).fill(text);
  }

  count(): Promise<string> {
    return this.words(this.region.getByTestId('log-count'));
  }
}
