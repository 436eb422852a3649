// Queues: a row a pair, the chosen ring large, and how traffic is spread.
import type { Locator } from 'playwright-core';
import type { WindowPage } from '../page-objects.ts';
import { PanelPage } from './panel-page.ts';

/** The panel. */
export class QueuesPage extends PanelPage {
  constructor(window: WindowPage) {
    super(window, 'Queues');
  }

  /** Numbers of the pairs in the order in which they stand. */
  order(): Promise<string[]> {
    return this.region.locator('.queue-row').evaluateAll((rows) => rows.map(({ id }) => id.replace('queue-', '')));
  }

  /** Orders by a column, or turns the order around. */
  async orderBy(column: string): Promise<void> {
    await this.region.getByRole('columnheader', { name: column, exact: true }).getByRole('button').click();
  }

  sorting(column: string): Promise<string | null> {
    return this.region.getByRole('columnheader', { name: column, exact: true }).getAttribute('aria-sort');
  }

  get ring(): Locator {
    return this.region.locator('.ring-strip');
  }

  /** Head and tail of the large ring, in words. */
  positions(): Promise<string> {
    return this.words(this.region.locator('.large-facts'));
  }

  /** The queue that each place of the RSS table leads to. */
  rssTable(): Promise<string[]> {
    return this.region.getByRole('list', { name: 'RSS indirection table' }).getByRole('listitem').allTextContents();
  }
}
