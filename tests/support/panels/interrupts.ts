// Interrupts: the heat map, and the vector that is looked at with its CPUs, its moderation and its latency.
import type { Locator } from 'playwright-core';
import type { WindowPage } from '../page-objects.ts';
import { numberIn, PanelPage } from './panel-page.ts';

/** The panel. */
export class InterruptsPage extends PanelPage {
  constructor(window: WindowPage) {
    super(window, 'Interrupts');
  }

  vector(name: string): Locator {
    return this.region.locator(`.heat-map [role="row"][data-name="${name}"]`);
  }

  /** The Linux interrupt of a vector. */
  async irq(name: string): Promise<number> {
    return numberIn(await this.vector(name).getByRole('button').textContent());
  }

  /** A number of a vector's row. */
  async cell(name: string, cell: string): Promise<number> {
    return numberIn(await this.vector(name).locator(`[data-cell="${cell}"]`).textContent({ timeout: 2000 }));
  }

  /** The shade of a vector's cell of a CPU. */
  shade(name: string, cpu: number): Promise<string> {
    return this.vector(name)
      .locator(`[data-cell="cpu-${cpu}"]`)
      .evaluate((cell) => getComputedStyle(cell).backgroundColor);
  }

  async choose(name: string): Promise<void> {
    await this.vector(name).getByRole('button').click();
  }

  /** The editor of a vector's CPUs. */
  affinity(irq: number): Locator {
    return this.region.getByRole('form', { name: `Affinity of interrupt ${irq}` });
  }

  get moderation(): Locator {
    return this.region.getByRole('form', { name: 'Moderation', exact: true });
  }

  get latency(): Locator {
    return this.region.getByRole('region', { name: 'Latency from interrupt to poll' });
  }
}
