// Alerts with their evidence, and the rules that were loaded.
import type { Locator } from 'playwright-core';
import type { WindowPage } from '../page-objects.ts';
import { PanelPage } from './panel-page.ts';

/** The panel. */
export class AlertsPage extends PanelPage {
  constructor(window: WindowPage) {
    super(window, 'Alerts');
  }

  /** Alerts of a rule, newest first. */
  of(rule: string): Locator {
    return this.region.locator(`.alert[data-rule="${rule}"]`);
  }

  async open(alert: Locator): Promise<void> {
    await alert.locator('button.summary').click();
    await alert.getByRole('table', { name: 'Evidence' }).waitFor();
  }

  /** How each loaded rule stands. */
  get outcomes(): Locator {
    return this.region.getByRole('table', { name: 'How each rule stands' }).getByRole('row');
  }
}
