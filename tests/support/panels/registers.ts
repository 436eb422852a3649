// Registers: the list, the watched ones, and the question before one is written.
import type { Locator } from 'playwright-core';
import type { WindowPage } from '../page-objects.ts';
import { PanelPage } from './panel-page.ts';

/** The panel. */
export class RegistersPage extends PanelPage {
  constructor(window: WindowPage) {
    super(window, 'Registers');
  }

  get list(): Locator {
    return this.region.getByRole('treegrid', { name: 'Registers of the card' });
  }

  async search(text: string): Promise<void> {
    await this.region.getByLabel('Search registers').fill(text);
  }

  /** The row of a register, by its whole name. */
  row(name: string): Locator {
    return this.list
      .locator('[role="row"][data-kind="register"]')
      .filter({ has: this.page.getByRole('button', { name: new RegExp(`^(Open|Close) ${name.replaceAll(/[[\]()]/g, '\\$&')}$`) }) });
  }

  value(name: string): Promise<string> {
    return this.words(this.row(name).getByTestId('register-value'));
  }

  async open(name: string): Promise<void> {
    await this.row(name)
      .getByRole('button', { name: `Open ${name}`, exact: true })
      .click();
  }

  get notes(): Locator {
    return this.list.locator('[role="row"][data-kind="note"]');
  }

  get watched(): Locator {
    return this.region.getByRole('list', { name: 'Watched registers' }).getByRole('listitem');
  }

  /** The question before a register is written. */
  get question(): Locator {
    return this.page.getByRole('alertdialog');
  }
}
