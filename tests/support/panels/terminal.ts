// The terminal: the guest's console and shells on this machine, a tab each.
import type { WindowPage } from '../page-objects.ts';
import { limit, PanelPage } from './panel-page.ts';

/** The panel. */
export class TerminalPage extends PanelPage {
  constructor(window: WindowPage) {
    super(window, 'Terminal');
  }

  async chooseTab(name: string): Promise<void> {
    await this.region.getByRole('tab', { name }).click();
  }

  /** Types a line into the terminal that has the focus. */
  async type(line: string): Promise<void> {
    await this.page.locator('textarea.xterm-helper-textarea:focus').waitFor({ state: 'attached' });
    await this.page.keyboard.type(line);
    await this.page.keyboard.press('Enter');
  }

  async shows(text: string): Promise<void> {
    await this.region.locator('.xterm-rows').getByText(text).first().waitFor(limit);
  }
}
