// The overview: a row a card, and what to do next.
import type { Locator } from 'playwright-core';
import type { WindowPage } from '../page-objects.ts';
import { PanelPage } from './panel-page.ts';

/** The panel. */
export class OverviewPage extends PanelPage {
  constructor(window: WindowPage) {
    super(window, 'Overview');
  }

  card(address: string): Locator {
    return this.region.locator(`tr[data-device="${address}"]`);
  }

  /** A cell of a card that the observation fills: `numa`, `vectors`, `pcie` or `aer`. */
  fact(address: string, cell: 'numa' | 'vectors' | 'pcie' | 'aer'): Promise<string> {
    return this.words(this.card(address).locator(`td.${cell}`));
  }

  get nextStep(): Locator {
    return this.region.getByRole('note', { name: 'What to do next' });
  }
}
