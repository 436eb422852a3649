// What this machine can do, and what mends it where it cannot.
import type { Locator } from 'playwright-core';
import type { WindowPage } from '../page-objects.ts';
import { PanelPage } from './panel-page.ts';

/** The panel. */
export class DoctorPage extends PanelPage {
  constructor(window: WindowPage) {
    super(window, 'Doctor');
  }

  check(name: string): Locator {
    return this.region.locator(`[data-check="${name}"]`);
  }

  states(): Promise<(string | null)[]> {
    return this.region.locator('[data-check]').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.state ?? null));
  }

  /** Changes when it has looked again. */
  checkedAt(): Promise<string | null> {
    return this.region.locator('header').getAttribute('data-checked');
  }
}
