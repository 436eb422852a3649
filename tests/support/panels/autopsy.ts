// Autopsies.
import type { Locator } from 'playwright-core';
import type { WindowPage } from '../page-objects.ts';
import { PanelPage } from './panel-page.ts';

/** The panel. */
export class AutopsyPage extends PanelPage {
  constructor(window: WindowPage) {
    super(window, 'Autopsy');
  }

  /** The page of the autopsy that is shown. */
  get document(): Locator {
    return this.region.getByRole('article');
  }

  get likelyCause(): Locator {
    return this.document.getByRole('region', { name: 'Likely cause' });
  }
}
