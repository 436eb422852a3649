// The timeline's strip at work, outside of React: it draws when samples, marks, its size or what is in sight change, and follows pointer and wheel.

import { isWithin } from '../../state/time-store.ts';
import type { WindowModel } from '../../state/window-model.ts';
import { formatCount, missing } from '../../ui/format.ts';
import { timeWord } from './time-word.ts';
import { recordingStart, type TimelineAxis } from './timeline-axis.ts';
import { nearestMark, rateOfAll, ShownKeys, shownMarks } from './timeline-content.ts';
import { drawTimeline } from './timeline-drawing.ts';

/** Where the strip puts what it says beside its pixels. */
export interface TimelinePlaces {
  readonly strip: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  /** Lines that stand where the pointer is, the choice, and a recording's position. */
  readonly lines: Readonly<Record<'hovered' | 'chosen' | 'position', HTMLElement>>;
  readonly words: Readonly<Record<'instant' | 'frames' | 'interrupts', HTMLElement>>;
}

// A press that moves less than this is a choice, not a drag.
const dragPixels = 4;
const markReachPixels = 6;
const wheelStep = 1.0015;
// Not more often than a screen reader can say.
const spokenMs = 1000;

/** One strip in its elements, from its making to `end`. */
export class TimelinePlot {
  readonly #model: WindowModel;
  readonly #axis: TimelineAxis;
  readonly #places: TimelinePlaces;
  readonly #keys: ShownKeys;
  readonly #endings: (() => void)[] = [];
  #press: { readonly x: number; readonly pointer: number; moved: boolean; last: number } | null = null;
  #spokenAt = Number.NEGATIVE_INFINITY;
  #drawnTo = Number.NEGATIVE_INFINITY;
  #drawnNewest = Number.NaN;
  readonly #colours = new Map<string, string>();
  // Asking the page for it in each frame would make it lay itself out.
  #width = 0;

  constructor(model: WindowModel, axis: TimelineAxis, places: TimelinePlaces) {
    this.#model = model;
    this.#axis = axis;
    this.#places = places;
    this.#keys = new ShownKeys(model);
    const { history, marks, session, time, layout } = model;
    this.#endings.push(history.subscribe(this.#sampled), marks.subscribe(this.#draw));
    this.#endings.push(
      session.subscribe((now, before) => {
        if (now.replay !== before.replay || now.devices !== before.devices) this.invalidate();
      }),
      layout.subscribe((now, before) => now.device !== before.device && this.invalidate()),
      time.subscribe((now, before) => {
        const isPointOnly = (['pausedSeconds', 'spanSeconds', 'endSeconds', 'markASeconds', 'markBSeconds'] as const).every(
          (key) => now[key] === before[key],
        );
        model.loop.invalidate(isPointOnly ? this.#point : this.#draw);
      }),
    );
    const resize = new ResizeObserver(() => {
      this.#width = places.strip.clientWidth;
      this.invalidate();
    });
    resize.observe(places.strip);
    this.#width = places.strip.clientWidth;
    this.#endings.push(() => resize.disconnect());
    this.#listen();
    this.invalidate();
  }

  /** Draws in the next frame. */
  readonly invalidate = (): void => this.#model.loop.invalidate(this.#draw);

  /** Takes it off the screen. */
  end(): void {
    for (const end of this.#endings) end();
  }

  #listen(): void {
    const { strip } = this.#places;
    const on = <K extends keyof HTMLElementEventMap>(name: K, run: (event: HTMLElementEventMap[K]) => void, options = {}) => {
      strip.addEventListener(name, run, options);
      this.#endings.push(() => strip.removeEventListener(name, run));
    };
    on('pointerdown', (event) => {
      if (event.button !== 0) return;
      this.#press = { x: event.clientX, pointer: event.pointerId, moved: false, last: event.clientX };
      strip.setPointerCapture?.(event.pointerId);
    });
    on('pointermove', (event) => this.#move(event));
    on('pointerup', (event) => {
      const press = this.#press;
      this.#press = null;
      if (press && !press.moved) this.#axis.choose(this.#instantOf(event));
    });
    on('pointercancel', () => {
      this.#press = null;
    });
    on('pointerleave', () => this.#model.time.setState({ hoveredSeconds: null }));
    // Not passive: the page must not scroll while the timeline zooms.
    on('wheel', (event) => this.#wheel(event), { passive: false });
  }

  #move(event: PointerEvent): void {
    const press = this.#press;
    if (!press) {
      this.#model.time.setState({ hoveredSeconds: this.#instantOf(event) });
      return;
    }
    if (!press.moved && Math.abs(event.clientX - press.x) < dragPixels) return;
    press.moved = true;
    // A recording is scrubbed, what is live is pulled along.
    if (this.#axis.isRecording) this.#axis.choose(this.#instantOf(event));
    else this.#axis.pan((press.last - event.clientX) * this.#secondsPerPixel);
    press.last = event.clientX;
    this.invalidate();
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.#axis.pan(sideways * this.#secondsPerPixel);
    else this.#axis.zoom(wheelStep ** event.deltaY, this.#instantOf(event));
    this.invalidate();
  }

  get #secondsPerPixel(): number {
    const { from, to } = this.#axis.range;
    return (to - from) / Math.max(1, this.#width);
  }

  #instantOf({ clientX }: { readonly clientX: number }): number {
    return this.#axis.range.from + (clientX - this.#places.strip.getBoundingClientRect().left) * this.#secondsPerPixel;
  }

  /** Hours on a thousand pixels look the same after a tenth of a second: they are drawn anew once they would move by a pixel. */
  readonly #sampled = (): void => {
    const moved = this.#axis.range.to - this.#drawnTo;
    // A recording's axis stands while its samples come.
    const grown = this.#model.history.series.newestSeconds - this.#drawnNewest;
    const step = this.#secondsPerPixel;
    if (moved >= 0 && moved < step && grown >= 0 && grown < step) this.#point();
    else this.#draw();
  };

  /** Of the theme that it was made in: another one makes the strip anew. */
  readonly #colour = (token: string): string => {
    const known = this.#colours.get(token);
    if (known !== undefined) return known;
    const colour = getComputedStyle(this.#places.canvas).getPropertyValue(`--${token}`).trim();
    this.#colours.set(token, colour);
    return colour;
  };

  readonly #draw = (): void => {
    const { history, marks, time } = this.#model;
    const { range } = this.#axis;
    this.#drawnTo = range.to;
    this.#drawnNewest = history.series.newestSeconds;
    const pixels = Math.max(100, this.#width);
    const { received, sent, interrupts } = this.#keys.current;
    const { markASeconds, markBSeconds } = time.getState();
    const letters = [
      { letter: 'A', seconds: markASeconds },
      { letter: 'B', seconds: markBSeconds },
    ].flatMap(({ letter, seconds }) => (seconds === null ? [] : [{ letter, seconds }]));
    drawTimeline(this.#places.canvas, this.#width, {
      range,
      received: history.rates(received, range, pixels),
      sent: history.rates(sent, range, pixels),
      interrupts: history.rates(interrupts, range, pixels),
      log: marks.log,
      marks: shownMarks(this.#model),
      letters,
      colour: this.#colour,
      originSeconds: recordingStart(this.#model) ?? 0,
      timeWord: (seconds) => timeWord(this.#model, seconds),
    });
    this.#point();
  };

  readonly #point = (): void => {
    const { lines, words, strip } = this.#places;
    const { hoveredSeconds, chosenSeconds } = this.#model.time.getState();
    const { range, position, kept } = this.#axis;
    for (const [name, seconds] of [
      ['hovered', hoveredSeconds],
      ['chosen', chosenSeconds],
      ['position', position],
    ] as const) {
      const isSeen = seconds !== null && isWithin(range, seconds);
      lines[name].hidden = !isSeen;
      if (isSeen) lines[name].style.translate = `${(this.#width * (seconds - range.from)) / (range.to - range.from)}px 0`;
    }
    const instant = hoveredSeconds ?? chosenSeconds ?? position ?? kept?.to ?? null;
    const { received, sent, interrupts } = this.#keys.current;
    const rate = (keys: readonly string[]) => {
      const value = instant === null ? null : rateOfAll(this.#model, keys, instant);
      return value === null ? missing : formatCount(value);
    };
    const mark = instant === null ? null : this.#markAt(instant);
    words.instant.textContent = instant === null ? 'no samples yet' : `${instant.toFixed(3)} s`;
    words.frames.textContent = `${rate(received)} rx, ${rate(sent)} tx frames/s`;
    words.interrupts.textContent = mark ?? `${rate(interrupts)} interrupts/s`;
    words.interrupts.title = mark ?? '';
    strip.title = hoveredSeconds === null ? '' : (mark ?? '');
    this.#speak(instant, `${rate(received)} received, ${rate(sent)} sent frames a second`);
  };

  #markAt(instant: number): string | null {
    const reach = markReachPixels * this.#secondsPerPixel;
    const event = nearestMark(shownMarks(this.#model), instant, reach);
    if (event) return event.label;
    const line = nearestMark(
      this.#model.marks.log.filter(({ severity }) => severity !== 'info'),
      instant,
      reach,
    );
    return line ? `${line.label}${line.lines > 1 ? ` (and ${line.lines - 1} more)` : ''}` : null;
  }

  /** In a recording the position speaks for itself. */
  #speak(instant: number | null, rates: string): void {
    if (this.#axis.isRecording) return;
    const now = performance.now();
    if (now - this.#spokenAt < spokenMs) return;
    this.#spokenAt = now;
    const { strip } = this.#places;
    const { from, to } = this.#axis.range;
    strip.setAttribute('aria-valuemin', from.toFixed(1));
    strip.setAttribute('aria-valuemax', to.toFixed(1));
    strip.setAttribute('aria-valuenow', (instant ?? to).toFixed(1));
    strip.setAttribute('aria-valuetext', instant === null ? 'no samples yet' : `${instant.toFixed(1)} seconds since boot, ${rates}`);
  }
}
