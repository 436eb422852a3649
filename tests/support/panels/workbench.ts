// The workbench: where panels stand, one of them alone, and what the Tab key passes.
import type { Locator, Page } from 'playwright-core';
import type { WindowPage } from '../page-objects.ts';
import { limit } from './panel-page.ts';

/** Names of panels by the id that their place has. */
export const panelNames = {
  overview: 'Overview',
  queues: 'Queues',
  descriptors: 'Descriptors',
  interrupts: 'Interrupts',
  registers: 'Registers',
  log: 'Kernel log',
  statistics: 'Statistics',
  traffic: 'Traffic',
  lab: 'Lab',
  comparison: 'Side by side',
  machine: 'Machine',
  alerts: 'Alerts',
  autopsy: 'Autopsy',
  recordings: 'Recordings',
  terminal: 'Terminal',
  doctor: 'Doctor',
} as const;

export type PanelId = keyof typeof panelNames;

export const panelIds = Object.keys(panelNames) as PanelId[];

/** What had the focus: in which panel (empty outside of all), in words, and whether that shows. */
export interface TabStop {
  readonly panel: string;
  readonly what: string;
  readonly isSeen: boolean;
}

/** The workbench as a user sees it. */
export class WorkbenchPage {
  readonly window: WindowPage;

  constructor(window: WindowPage) {
    this.window = window;
  }

  get page(): Page {
    return this.window.page;
  }

  /** Where a panel stands, whichever regions it has. */
  place(id: string): Locator {
    return this.page.locator(`.dock-panel[data-panel="${id}"]`);
  }

  /** Waits until something is shown, and nothing is being loaded any more. */
  async settled(): Promise<void> {
    await this.page.locator('.dock-panel:visible').first().waitFor(limit);
    await this.page
      .locator('.dock-panel > .empty', { hasText: /^Loading .* …$/ })
      .first()
      .waitFor({ state: 'detached', ...limit });
  }

  /** The panel that has the focus. */
  focusedPanel(): Promise<string | null> {
    return this.page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-panel]')?.dataset.panel ?? null);
  }

  /** Shows a panel alone, looks at it, and puts the others back. */
  async maximised<T>(id: PanelId, look: (panel: Locator) => Promise<T>): Promise<T> {
    const name = panelNames[id];
    const restore = this.page.getByRole('button', { name: 'Restore the panels' });
    await this.page.getByRole('button', { name: `${name} panel`, exact: true }).click();
    await this.place(id).waitFor(limit);
    // Within a terminal keys are its own.
    await this.page.getByRole('tab', { name, exact: true }).first().focus();
    await this.page.keyboard.press('m');
    await restore.waitFor(limit);
    await this.settled();
    try {
      return await look(this.place(id));
    } finally {
      await restore.click();
    }
  }

  /** Presses Tab until the focus has left the page, `most` times at the most. */
  async tabThrough(most: number): Promise<TabStop[]> {
    const stops: TabStop[] = [];
    while (stops.length < most) {
      await this.page.keyboard.press('Tab');
      const stop = await this.page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
        const { width, height } = element.getBoundingClientRect();
        const isMarked = (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
        return {
          panel: element.closest<HTMLElement>('[data-panel]')?.dataset.panel ?? '',
          what: `${element.tagName} ${element.getAttribute('aria-label') ?? element.textContent ?? ''}`.slice(0, 60),
          isSeen: isMarked && width > 0 && height > 0,
        };
      });
      if (stop === null) break;
      stops.push(stop);
    }
    return stops;
  }
}
