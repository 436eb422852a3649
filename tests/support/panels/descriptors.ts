// Descriptors: the ring as a table, one of them in full, and the life of its slot.
import type { Locator } from 'playwright-core';
import type { WindowPage } from '../page-objects.ts';
import { PanelPage } from './panel-page.ts';

/** Of a row: who owns the descriptor. */
export type Owner = 'hardware' | 'done' | 'free' | 'error';

/** The panel. */
export class DescriptorsPage extends PanelPage {
  constructor(window: WindowPage) {
    super(window, 'Descriptors');
  }

  get rows(): Locator {
    return this.region.locator('.descriptor-rows [role="row"]');
  }

  row(slot: number): Locator {
    return this.region.locator(`.descriptor-rows [role="row"][data-index="${slot}"]`);
  }

  raw(slot: number): Promise<string | null> {
    return this.row(slot).getAttribute('data-raw', { timeout: 2000 });
  }

  /** Chooses one of the first descriptors, wherever the table stood. */
  async choose(slot: number): Promise<void> {
    await this.region.getByRole('grid', { name: 'Descriptors of the ring' }).focus();
    await this.page.keyboard.press('Home');
    await this.row(slot).click();
    await this.detail
      .getByText(new RegExp(`^${slot} `))
      .first()
      .waitFor();
  }

  /** The slot that is chosen; null when none in sight is. */
  async chosen(): Promise<number | null> {
    const row = this.region.locator('.descriptor-rows [role="row"][aria-selected="true"]');
    return (await row.count()) === 0 ? null : Number(await row.first().getAttribute('data-index'));
  }

  get detail(): Locator {
    return this.region.locator('.descriptor-detail');
  }

  /** Fields of the chosen descriptor. */
  get fields(): Locator {
    return this.detail.locator('tr[data-field]');
  }

  /** The digits of the raw bytes that are lit, as places. */
  litDigits(): Promise<number[]> {
    return this.detail
      .locator('[data-digit][data-lit="true"]')
      .evaluateAll((digits) => digits.map((digit) => Number((digit as HTMLElement).dataset.digit)));
  }

  get explained(): Locator {
    return this.detail.getByTestId('explained');
  }

  /** Shows only descriptors of one owner, or all. */
  async filter(name: 'All' | 'Owned' | 'Done' | 'Free' | 'Error'): Promise<void> {
    await this.region.getByRole('group', { name: 'Show descriptors by owner' }).getByRole('button', { name, exact: true }).click();
  }

  owners(): Promise<(string | null)[]> {
    return this.rows.evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.state ?? null));
  }

  shownCount(): Promise<string> {
    return this.words(this.region.getByTestId('shown-count'));
  }

  /** What the chosen descriptor's buffer holds. */
  get bytes(): Locator {
    return this.region.getByRole('region', { name: /^Bytes of slot/ });
  }

  /** Before any byte is shown. */
  get question(): Locator {
    return this.page.getByRole('alertdialog', { name: /^Show what is in the buffers of/ });
  }

  /** Digits of the hex dump: of a line, or those that are lit. */
  dumped(which: 'lit' | number): Promise<string> {
    const line = which === 'lit' ? '' : `[data-at="${which}"] `;
    return this.words(this.bytes.locator(`${line}[data-part="digits"]${which === 'lit' ? ' mark' : ''}`).first());
  }

  /** Layers of the frame, outermost first. */
  layers(): Promise<string[]> {
    return this.bytes.getByRole('list', { name: 'Layers of the frame' }).locator('.layer-name > strong').allTextContents();
  }

  /** Looks once more, since each look is of an instant: in some the slot has no buffer, or one that no frame has been in yet. */
  async look(): Promise<string[]> {
    await this.bytes.getByRole('button', { name: 'Look again' }).click();
    return this.layers();
  }

  get life(): Locator {
    return this.region.getByRole('region', { name: /^Life of slot/ });
  }
}
