// What opens above the window: the palette, the sheet of shortcuts, the report, what observing costs.
import type { Locator } from 'playwright-core';
import type { WindowPage } from '../page-objects.ts';

/** The dialogs of the window. Each `open` brings one up and returns it. */
export class Dialogs {
  readonly window: WindowPage;

  constructor(window: WindowPage) {
    this.window = window;
  }

  #dialog(name: string): Locator {
    return this.window.page.getByRole('dialog', { name, exact: true });
  }

  /** By the key that a terminal leaves to the window, too. */
  async openPalette(): Promise<Locator> {
    await this.window.page.keyboard.press('Control+Shift+K');
    const palette = this.#dialog('Commands');
    await palette.waitFor();
    return palette;
  }

  /** Runs a command by its name, as somebody without a mouse does. */
  async run(command: string): Promise<void> {
    const palette = await this.openPalette();
    await palette.getByPlaceholder('What shall be done?').fill(command);
    await palette.getByRole('option', { name: command }).first().waitFor();
    await this.window.page.keyboard.press('Enter');
    await palette.waitFor({ state: 'detached' });
  }

  async openShortcuts(): Promise<Locator> {
    await this.window.page.keyboard.press('?');
    const sheet = this.#dialog('Keyboard shortcuts');
    await sheet.waitFor();
    return sheet;
  }

  /** The report, once it is made. */
  async openReport(): Promise<Locator> {
    await this.window.press('Report');
    const report = this.#dialog('Report');
    await report.getByRole('region', { name: 'Text of the report' }).waitFor({ timeout: 60_000 });
    return report;
  }

  /** The part of the status bar that says what observing costs. */
  get cost(): Locator {
    return this.window.page.getByRole('button', { name: /^observer / });
  }

  async openCost(): Promise<Locator> {
    await this.cost.click();
    const explanation = this.#dialog('What observing costs');
    await explanation.waitFor();
    return explanation;
  }
}
