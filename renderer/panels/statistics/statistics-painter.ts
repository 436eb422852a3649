// The numbers and sparklines of the table, written outside of React: they change ten times a second, the rows do not.
import type { Source } from '../../state/source.ts';
import { visibleRange } from '../../state/time-store.ts';
import type { WindowModel } from '../../state/window-model.ts';
import { formatCounted } from '../../ui/number-base.ts';
import { rateWord } from './statistic-format.ts';
import type { StatisticLine, StatisticRow } from './statistic-rows.ts';

/** Height of a row in CSS pixels; the sheet has the same. */
const rowHeight = 20;
const sparkHeight = 14;
// A line of seventy pixels over a minute moves a pixel a second.
const sparkMs = 500;

/** Writes into the rows of a table body, whose children are `lines` in their order. */
export class StatisticsPainter {
  readonly #model: WindowModel;
  readonly #body: HTMLElement;
  readonly #endings: (() => void)[];
  #lines: readonly StatisticLine[] = [];
  #sparkedAt = Number.NEGATIVE_INFINITY;
  #sight: readonly [number, number] = [0, Number.POSITIVE_INFINITY];

  constructor(model: WindowModel, body: HTMLElement, sources: readonly Source[]) {
    this.#model = model;
    this.#body = body;
    this.#endings = sources.map((source) => source.subscribe(this.paint));
    this.#endings.push(
      model.time.subscribe((now, before) => {
        if (now.spanSeconds !== before.spanSeconds || now.endSeconds !== before.endSeconds) this.paintAnew();
      }),
      model.layout.subscribe((now, before) => {
        if (now.numberBase !== before.numberBase) this.paint();
      }),
    );
  }

  /** Takes other lines, and paints them. */
  update(lines: readonly StatisticLine[]): void {
    this.#lines = lines;
    this.paintAnew();
  }

  /** Writes everything, sparklines too. */
  paintAnew(): void {
    this.#sparkedAt = Number.NEGATIVE_INFINITY;
    this.paint();
  }

  end(): void {
    for (const end of this.#endings) end();
  }

  readonly paint = (): void => {
    const now = performance.now();
    const isSparking = now - this.#sparkedAt >= sparkMs;
    if (isSparking) this.#sparkedAt = now;
    // Where the rows lie is looked at now and then: it makes the page lay itself out.
    if (isSparking) this.#sight = this.#inSight();
    const [first, last] = this.#sight;
    for (const [index, line] of this.#lines.entries()) {
      const isInSight = index >= first && index <= last;
      if (line.type !== 'row' || (!isInSight && !isSparking)) continue;
      const element = this.#body.children[index];
      if (!(element instanceof HTMLElement)) continue;
      this.#write(element, line.row);
      if (isSparking && isInSight) this.#spark(element, line.row);
    }
  };

  /** The instant of a row: observations are older than samples, and both stand while the screen does. */
  #secondsOf({ series }: StatisticRow): number {
    return this.#model.standstill.shownSeconds ?? series.newestSeconds;
  }

  #write(element: HTMLElement, row: StatisticRow): void {
    const seconds = this.#secondsOf(row);
    const [value, rate] = [row.series.valueAt(row.key, seconds), row.series.rateAt(row.key, seconds)];
    put(element.querySelector('[data-value]'), formatCounted(value, this.#model.layout.getState().numberBase));
    put(element.querySelector('[data-rate]'), rateWord(row, rate));
  }

  #inSight(): readonly [number, number] {
    const scroller = this.#body.closest('.statistics-scroll');
    if (!scroller || scroller.clientHeight === 0) return [0, Number.POSITIVE_INFINITY];
    const top = scroller.getBoundingClientRect().top - this.#body.getBoundingClientRect().top;
    return [Math.floor(top / rowHeight), Math.ceil((top + scroller.clientHeight) / rowHeight)];
  }

  #spark(element: HTMLElement, row: StatisticRow): void {
    const canvas = element.querySelector('canvas');
    const width = canvas?.clientWidth ?? 0;
    const context = width > 0 ? canvas?.getContext('2d') : null;
    if (!canvas || !context) return;
    const scale = globalThis.devicePixelRatio || 1;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(sparkHeight * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const range = visibleRange(this.#model.time.getState(), this.#model.history.series.newestSeconds);
    const { seconds, values } = row.series.rates([row.key], range, width);
    const most = Math.max(1e-9, ...values.map((value) => value ?? 0));
    context.strokeStyle = getComputedStyle(canvas).color;
    context.lineWidth = 1;
    context.beginPath();
    let isDown = false;
    for (const [index, value] of values.entries()) {
      if (value === null) {
        isDown = false;
        continue;
      }
      const x = (width * ((seconds[index] ?? 0) - range.from)) / (range.to - range.from);
      const y = sparkHeight - 1.5 - (sparkHeight - 3) * (value / most);
      if (isDown) context.lineTo(x, y);
      else context.moveTo(x, y);
      isDown = true;
    }
    context.stroke();
  }
}

/** Touches the page only where something changed. */
function put(place: Element | null, text: string): void {
  if (place && place.textContent !== text) place.textContent = text;
}
