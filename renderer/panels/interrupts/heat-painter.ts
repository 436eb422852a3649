// Writes the moving numbers of the heat map into its cells, outside of React: what React drew once is found by its data attributes.
import type { VectorsSnapshot } from '#common/layouts/snapshot.ts';
import { formatCount, missing } from '../../ui/format.ts';
import { framesPerInterrupt, type Measured } from './measured.ts';
import type { VectorRow } from './vector-rows.ts';

/** Whether cells show interrupts a second, or all since boot. */
export type HeatMode = 'rate' | 'total';

/** More CPUs than that get a cell without a number each. */
export const mostNumberedCpus = 8;

/** How strong a cell is: 0 for nothing, 1 for the most on the map. Logarithmic, since a busy vector has a thousand times as many as a calm one. */
export function heatOf(value: number | null, most: number): number {
  if (value === null || !(value > 0) || most <= 0) return 0;
  return Math.min(1, Math.log1p(value) / Math.log1p(most));
}

// No number stands on a strip, so that its shades may go further than those of numbered cells (interrupts.css).
const mostAlpha = 0.8;

function write(cell: Element | undefined, text: string): void {
  if (cell && cell.textContent !== text) cell.textContent = text;
}

function drawStrip(canvas: HTMLCanvasElement, heats: ArrayLike<number>): void {
  const context = canvas.getContext('2d');
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!context || width === 0) return;
  const scale = globalThis.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  context.fillStyle = getComputedStyle(canvas).color;
  const cell = width / heats.length;
  for (let cpu = 0; cpu < heats.length; cpu += 1) {
    context.globalAlpha = (heats[cpu] ?? 0) * mostAlpha;
    context.fillRect(cpu * cell, 0, Math.max(1, cell - 1), height);
  }
  context.globalAlpha = 1;
}

/** What is painted, and where. */
export interface HeatContent extends Measured {
  readonly body: HTMLElement;
  readonly rows: readonly VectorRow[];
  readonly cpuCount: number;
  readonly mode: HeatMode;
  readonly age: number;
  /** The driver's own counts; null while the screen stands still, since they are not kept. */
  readonly counted: VectorsSnapshot | null | undefined;
}

/** Paints all rows. The rows of the body are those of `rows`, in the same order. */
export function paintHeat(content: HeatContent): void {
  const { body, rows, cpuCount, mode, age, vectorHistory } = content;
  const valueAt = (row: number, cpu: number) =>
    mode === 'rate' ? vectorHistory.vectorRate(row, cpu, age) : vectorHistory.vectorCount(row, cpu, age);
  const values = rows.map(({ row }) => Array.from({ length: cpuCount }, (_, cpu) => valueAt(row, cpu)));
  const most = values.reduce((highest, row) => row.reduce<number>((high, value) => Math.max(high, value ?? 0), highest), 0);
  rows.forEach((vector, place) => {
    const line = body.children[place];
    if (!line) return;
    const cells = new Map<string, HTMLElement>();
    for (const cell of line.querySelectorAll<HTMLElement>('[data-cell]')) cells.set(cell.dataset.cell ?? '', cell);
    const heats = (values[place] ?? []).map((value) => heatOf(value, most));
    const strip = cells.get('strip');
    if (strip instanceof HTMLCanvasElement) drawStrip(strip, heats);
    else
      heats.forEach((heat, cpu) => {
        const cell = cells.get(`cpu-${cpu}`);
        write(cell, formatCount(values[place]?.[cpu]));
        cell?.style.setProperty('--heat', heat.toFixed(2));
      });
    write(cells.get('total'), formatCount(vectorHistory.vectorCount(vector.row, null, age)));
    write(cells.get('rate'), formatCount(vectorHistory.vectorRate(vector.row, null, age)));
    const worth = framesPerInterrupt(content, vector, age);
    write(cells.get('worth'), worth === null ? missing : worth.toFixed(worth < 10 ? 1 : 0));
    paintCounts(cells, content.counted, vector.irq);
  });
}

function paintCounts(cells: ReadonlyMap<string, HTMLElement>, counted: VectorsSnapshot | null | undefined, irq: string): void {
  if (counted === null) return;
  const own = counted?.vectors.find((vector) => String(vector.irq) === irq);
  write(cells.get('spurious'), own ? formatCount(Number(own.spurious)) : missing);
  write(cells.get('polls'), own ? formatCount(Number(own.polls)) : missing);
  write(cells.get('handled'), own ? formatCount(Number(own.handled)) : missing);
}
