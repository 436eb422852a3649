// Statistics: the table, its charts, and the difference between two marks.
import type { Locator } from 'playwright-core';
import type { WindowPage } from '../page-objects.ts';
import { numberIn, PanelPage } from './panel-page.ts';

/** The panel. */
export class StatisticsPage extends PanelPage {
  constructor(window: WindowPage) {
    super(window, 'Statistics');
  }

  async filter(text: string): Promise<void> {
    await this.region.getByLabel('Filter statistics by name').fill(text);
  }

  /** The row of a counter; the first where several sources count it. */
  row(name: string): Locator {
    return this.region.locator(`tr[data-name="${name}"]`).first();
  }

  async value(name: string): Promise<number> {
    return numberIn(await this.row(name).getByTestId('statistic').textContent({ timeout: 2000 }));
  }

  /** The charts in sight, by what their label says. */
  get charts(): Locator {
    return this.region.locator('.time-chart-plot');
  }

  /** The row of a counter in the comparison of two marks. */
  compared(name: string): Locator {
    return this.region.locator(`tr[data-compared="${name}"]`).first();
  }
}
