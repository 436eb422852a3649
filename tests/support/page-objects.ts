// The window as a user reads and works it, whichever shell shows it. Tests ask these, so that one suite serves Chromium and Electron.
import type { Locator, Page } from 'playwright-core';

/** Waits until what `read` gives satisfies `wanted`; the page is asked again with each animation frame that the browser paints. */
export async function eventually<T>(page: Page, read: () => Promise<T>, wanted: (value: T) => boolean, what: string): Promise<T> {
  const limit = Date.now() + 60_000;
  for (;;) {
    const value = await read().catch(() => null);
    if (value !== null && wanted(value)) return value;
    if (Date.now() > limit) throw new Error(`${what}; last seen: ${JSON.stringify(value)}`);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

const digitsOf = (text: string | null): number => Number((text ?? '').replaceAll(/[^\d]/g, ''));

/** The window's parts. */
export class WindowPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Waits until the window says that the target is in this phase. */
  async phase(name: string): Promise<void> {
    await this.page.waitForFunction((wanted) => document.documentElement.dataset.phase === wanted, name, { timeout: 90_000 });
  }

  panel(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true });
  }

  /** Brings a panel to the front, or opens it in the layout that is shown. */
  async showPanel(name: string): Promise<Locator> {
    await this.page.getByRole('button', { name: `${name} panel`, exact: true }).click();
    await this.panel(name).waitFor();
    return this.panel(name);
  }

  async headerText(): Promise<string> {
    return (await this.page.getByRole('banner').textContent()) ?? '';
  }

  /** A row of Statistics, such as `RX packets`. */
  async statistic(name: string): Promise<number> {
    return digitsOf(await this.page.locator(`[data-testid="statistic"][data-name="${name}"]`).first().textContent({ timeout: 2000 }));
  }

  /** The raw bytes of a descriptor of the shown ring, as 32 hex digits. */
  rawDescriptor(index: number): Promise<string | null> {
    return this.panel('Descriptors').locator(`[role="row"][data-index="${index}"]`).getAttribute('data-raw', { timeout: 2000 });
  }

  /** How often a vector has fired. */
  async interrupts(name: string): Promise<number> {
    const total = this.panel('Interrupts').locator(`[role="row"][data-name="${name}"] [data-testid="interrupt-total"]`);
    return digitsOf(await total.textContent({ timeout: 2000 }));
  }

  logLine(text: string | RegExp): Locator {
    return this.panel('Kernel log').getByText(text);
  }

  moduleState(): Promise<string | null> {
    return this.page.getByTestId('module-state').textContent();
  }

  async press(button: string): Promise<void> {
    await this.page.getByRole('button', { name: button, exact: true }).first().click();
  }
}
