// A line chart over the shared time, drawn by uPlot outside of React: when its data, its size, or the visible stretch changes, in the next animation frame.
import uPlot from 'uplot';
import type { Source } from '../state/source.ts';
import { type TimePoints, type TimeRange, visibleRange } from '../state/time-store.ts';
import { ticksOf } from '../state/time-window.ts';
import type { WindowModel } from '../state/window-model.ts';
import { formatCount, missing } from './format.ts';

/** One line. `token` is the name of a colour token without its dashes; without one, lines differ by their dashes and letters. */
export interface TimeSeries {
  readonly label: string;
  readonly token?: string;
  readonly dash?: readonly number[];
}

/** What a chart shows, and whom it asks. */
export interface TimeChartContent {
  readonly name: string;
  /** Of all lines: what differs in its unit belongs into another chart. */
  readonly unit: string;
  readonly series: readonly TimeSeries[];
  /** The points of a line within a stretch; about two a pixel are enough, and the ones just outside of it keep the line going to the edge. */
  points(index: number, range: TimeRange, pixels: number): TimePoints;
  /** A span of its own in seconds, where the shared one does not fit. */
  readonly spanSeconds?: number | undefined;
  readonly format?: ((value: number) => string) | undefined;
}

const neutralTokens = ['text', 'free', 'text-soft'] as const;
const neutralDashes: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [10, 3, 2, 3]];

/** Colour token and dashes of a line: what it asks for, else one of twelve that differ without a hue, since hues mean ownership. */
export function lineStyle({ token, dash }: TimeSeries, index: number): { token: string; dash: readonly number[] } {
  return {
    token: token ?? neutralTokens[index % neutralTokens.length] ?? 'text',
    dash: dash ?? neutralDashes[index % neutralDashes.length] ?? [],
  };
}

/** The newest value that is known at an instant, or null in a gap and before the first. */
export function valueAtInstant({ seconds, values }: TimePoints, instant: number): number | null {
  let at = seconds.length - 1;
  while (at >= 0 && (seconds[at] ?? 0) > instant + 1e-6) at -= 1;
  return at < 0 ? null : (values[at] ?? null);
}

/** The values of all lines in words, for the label of the chart. */
export function spokenValues(content: TimeChartContent, values: readonly (number | null)[]): string {
  const words = content.series.map(({ label }, index) => `${label} ${wordOf(content, values[index] ?? null)}`);
  return `${content.name}: ${words.join(', ') || 'nothing is shown'}`;
}

const wordOf = ({ unit, format = formatCount }: TimeChartContent, value: number | null): string =>
  value === null ? missing : `${format(value)}${unit ? ` ${unit}` : ''}`;

const tickPixels = 70;
// Not more often than a person can follow, and a screen reader can say.
const wordsMs = 500;

/** One chart in its element, from its making to `end`. */
export class TimeChartPlot {
  readonly #model: WindowModel;
  readonly #place: HTMLElement;
  readonly #readout: HTMLElement;
  readonly #marks = new Map<'hovered' | 'chosen', HTMLElement>();
  readonly #endings: (() => void)[] = [];
  #content: TimeChartContent;
  #plot: uPlot | null = null;
  #range: TimeRange = { from: 0, to: 1 };
  #shown: readonly TimePoints[] = [];
  #saidAt = Number.NEGATIVE_INFINITY;
  // Asking the page for them in each frame would make it lay itself out.
  #width = 0;
  #height = 0;

  constructor(model: WindowModel, place: HTMLElement, readout: HTMLElement, content: TimeChartContent, sources: readonly Source[]) {
    this.#model = model;
    this.#place = place;
    this.#readout = readout;
    this.#content = content;
    this.#measure();
    this.#make();
    this.#endings.push(...sources.map((source) => source.subscribe(this.#changed)));
    this.#endings.push(
      model.time.subscribe((now, before) => {
        const isSameStretch = ['pausedSeconds', 'spanSeconds', 'endSeconds'].every(
          (key) => now[key as 'endSeconds'] === before[key as 'endSeconds'],
        );
        model.loop.invalidate(isSameStretch ? this.#point : this.#draw);
      }),
    );
    const resize = new ResizeObserver(() => {
      this.#measure();
      this.#invalidate();
    });
    resize.observe(place);
    this.#endings.push(() => resize.disconnect());
    this.#invalidate();
  }

  /** Takes lines that may differ in everything but their number and styles. */
  update(content: TimeChartContent): void {
    this.#content = content;
    this.#invalidate();
  }

  /** Takes it off the screen. */
  end(): void {
    for (const end of this.#endings) end();
    this.#plot?.destroy();
    this.#plot = null;
    this.#place.replaceChildren();
  }

  /** Steps the chosen instant by so many pixels; without one it begins at the right edge. */
  step(pixels: number): void {
    const { from, to } = this.#range;
    const width = Math.max(1, this.#plotWidth);
    const chosen = this.#model.time.getState().chosenSeconds ?? to;
    this.#model.time.setState({ chosenSeconds: Math.min(to, Math.max(from, chosen + (pixels * (to - from)) / width)) });
  }

  /** Chooses an edge of what is shown. */
  chooseEdge(edge: 'from' | 'to'): void {
    this.#model.time.setState({ chosenSeconds: this.#range[edge] });
  }

  #measure(): void {
    this.#width = this.#place.clientWidth;
    this.#height = this.#place.clientHeight;
  }

  /** Width of what is between the axes, in CSS pixels. */
  get #plotWidth(): number {
    return this.#plot ? this.#plot.bbox.width / (globalThis.devicePixelRatio || 1) : this.#width;
  }

  readonly #invalidate = (): void => this.#model.loop.invalidate(this.#draw);

  get #newRange(): TimeRange {
    const { history, time } = this.#model;
    const newest = history.length > 0 ? history.secondsAt(0) : 0;
    return visibleRange(time.getState(), newest, this.#content.spanSeconds);
  }

  /** Hours on a thousand pixels look the same after a tenth of a second: they are drawn anew once they would move by a pixel. */
  readonly #changed = (): void => {
    const { from, to } = this.#newRange;
    const moved = to - this.#range.to;
    if (this.#shown.length > 0 && moved > 0 && moved < (to - from) / Math.max(100, this.#width)) return;
    this.#draw();
  };

  #make(): void {
    const style = getComputedStyle(this.#place);
    const colour = (token: string) => style.getPropertyValue(`--${token}`).trim();
    // Where there is nothing to draw on (a test's document) the words still tell.
    if (!document.createElement('canvas').getContext('2d')) return;
    const axis = {
      stroke: colour('text-soft'),
      grid: { stroke: colour('line'), width: 1 },
      ticks: { stroke: colour('line'), width: 1 },
      font: `11px ${colour('ui-font') || 'sans-serif'}`,
    };
    const plot = new uPlot(
      {
        width: Math.max(1, this.#place.clientWidth),
        height: Math.max(1, this.#place.clientHeight),
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: () => [this.#range.from, this.#range.to] },
          y: { range: (_, low, high) => [Math.min(0, low ?? 0), Math.max(10, (high ?? 0) * 1.1)] },
        },
        axes: [
          { ...axis, size: 26, splits: () => this.#ticks(), values: (_, ticks) => ticks.map((tick) => this.#timeWord(tick)) },
          { ...axis, size: 62, space: 18, values: (_, ticks) => ticks.map((tick) => (this.#content.format ?? formatCount)(tick)) },
        ],
        series: [
          {},
          ...this.#content.series.map((series, index) => {
            const { token, dash } = lineStyle(series, index);
            return { stroke: colour(token), width: 1.5, dash: [...dash], points: { show: false } };
          }),
        ],
      },
      [[], ...this.#content.series.map(() => [])],
      this.#place,
    );
    this.#plot = plot;
    for (const name of ['hovered', 'chosen'] as const) {
      const mark = document.createElement('div');
      mark.className = `time-mark ${name}`;
      mark.hidden = true;
      plot.over.append(mark);
      this.#marks.set(name, mark);
    }
    this.#listen(plot);
  }

  #listen(plot: uPlot): void {
    const { time } = this.#model;
    const instantOf = (event: MouseEvent) => plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, 'x');
    const onMove = (event: MouseEvent) => time.setState({ hoveredSeconds: instantOf(event) });
    const onLeave = () => time.setState({ hoveredSeconds: null });
    const onClick = (event: MouseEvent) => time.setState({ chosenSeconds: instantOf(event) });
    plot.over.addEventListener('mousemove', onMove);
    plot.over.addEventListener('mouseleave', onLeave);
    plot.over.addEventListener('click', onClick);
  }

  /** From where time is counted on the axis: back from the right edge while it follows, since boot once it stands. */
  get #origin(): number {
    const { endSeconds, pausedSeconds } = this.#model.time.getState();
    return endSeconds === null && pausedSeconds === null ? this.#range.to : 0;
  }

  #ticks(): number[] {
    const origin = this.#origin;
    const relative = { from: this.#range.from - origin, to: this.#range.to - origin };
    return ticksOf(relative, Math.max(2, Math.floor(this.#width / tickPixels))).map((tick) => origin + tick);
  }

  #timeWord(seconds: number): string {
    const value = seconds - this.#origin;
    return `${Number(value.toFixed(3))} s`.replace('-', '\u2212');
  }

  readonly #draw = (): void => {
    this.#range = this.#newRange;
    const plot = this.#plot;
    const [width, height] = [this.#width, this.#height];
    const pixels = Math.max(100, this.#plotWidth);
    this.#shown = this.#content.series.map((_, index) => this.#content.points(index, this.#range, pixels));
    if (plot && width > 0 && height > 0) {
      if (plot.width !== width || plot.height !== height) plot.setSize({ width, height });
      // Lines of several sources have instants of their own; what one lacks is passed over, not a gap.
      const tables = this.#shown.map(({ seconds, values }) => [seconds, values] as unknown as uPlot.AlignedData);
      plot.setData(tables.length > 0 ? uPlot.join(tables) : [[]]);
    }
    this.#point();
  };

  readonly #point = (): void => {
    const { hoveredSeconds, chosenSeconds } = this.#model.time.getState();
    this.#putMark('hovered', hoveredSeconds);
    this.#putMark('chosen', chosenSeconds);
    const within = (instant: number | null) => instant !== null && instant >= this.#range.from && instant <= this.#range.to;
    const instant = within(hoveredSeconds) ? hoveredSeconds : within(chosenSeconds) ? chosenSeconds : null;
    const values = this.#shown.map((points) => valueAtInstant(points, instant ?? this.#range.to));
    for (const [index, cell] of [...this.#readout.querySelectorAll('[data-value]')].entries())
      cell.textContent = wordOf(this.#content, values[index] ?? null);
    const now = performance.now();
    if (now - this.#saidAt < wordsMs) return;
    this.#saidAt = now;
    this.#place.setAttribute('aria-label', spokenValues(this.#content, values));
  };

  #putMark(name: 'hovered' | 'chosen', seconds: number | null): void {
    const mark = this.#marks.get(name);
    if (!mark || !this.#plot) return;
    const { from, to } = this.#range;
    const isSeen = seconds !== null && seconds >= from && seconds <= to;
    mark.hidden = !isSeen;
    if (isSeen) mark.style.translate = `${this.#plotWidth * ((seconds - from) / (to - from))}px 0`;
  }
}
