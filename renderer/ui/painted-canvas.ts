// A canvas that draws when its data changes, without React: once a frame, in the colours of the theme, at the screen's resolution.
import { type RefObject, useEffect, useRef } from 'react';
import { usePaintedTheme } from './painted-theme.ts';

/** Tokens of `styles/tokens.css` that canvases draw with. */
const tokens = [
  'ground',
  'surface',
  'surface-raised',
  'line',
  'text',
  'text-soft',
  'accent',
  'hardware',
  'done',
  'free',
  'error',
  'mark-tail',
  'selection',
  'focus',
] as const;
export type Colours = Readonly<Record<(typeof tokens)[number], string>>;

/** What a drawing gets. Lengths are CSS pixels; everything is clear. */
export interface Painting {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** Device pixels a CSS pixel. */
  readonly scale: number;
  readonly colours: Colours;
}

/** Hears of changes until the returned function is called: a `Source`'s or a store's `subscribe`. */
export type Subscribe = (listener: () => void) => () => void;

function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  return Object.fromEntries(tokens.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Colours;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function begin(canvas: HTMLCanvasElement, { width, height }: Size, colours: Colours): Painting | null {
  const context = canvas.getContext('2d');
  if (!context || width === 0 || height === 0) return null;
  const scale = globalThis.devicePixelRatio || 1;
  const [pixelWidth, pixelHeight] = [Math.round(width * scale), Math.round(height * scale)];
  // Setting a size clears the canvas and throws its memory away, so it is set only when it is another one.
  if (canvas.width !== pixelWidth) canvas.width = pixelWidth;
  if (canvas.height !== pixelHeight) canvas.height = pixelHeight;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height, scale, colours };
}

/** When a canvas is drawn anew. What is given here must be the same from render to render, but for `of`. */
export interface Redrawing {
  /** Each change is drawn at once. */
  readonly prompt: readonly Subscribe[];
  /** Changes are drawn at most every `everyMs`: a curve that moves a pixel a second need not be drawn with each point. */
  readonly paced?: readonly Subscribe[];
  readonly everyMs?: number;
  /** What is drawn, of all that the prompt sources tell of. While it is the same, nothing is drawn. */
  readonly of?: () => unknown;
}

/** Draws now, or once `everyMs` have passed since the last time. */
function pacedBy(everyMs: number, draw: () => void): { run: () => void; end: () => void } {
  let last = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const now = () => {
    timer = null;
    last = performance.now();
    draw();
  };
  return {
    run: () => {
      if (timer !== null) return;
      const wait = last + everyMs - performance.now();
      if (wait <= 0) now();
      else timer = setTimeout(now, wait);
    },
    end: () => {
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** A canvas that `paint` draws as `redrawing` says, and when the component is rendered, or theme or size are others. */
export function usePaintedCanvas(redrawing: Redrawing, paint: (painting: Painting) => void): RefObject<HTMLCanvasElement | null> {
  const { prompt, paced, everyMs = 0, of } = redrawing;
  const place = useRef<HTMLCanvasElement>(null);
  const newest = useRef({ paint, of });
  const again = useRef<() => void>(() => undefined);
  const theme = usePaintedTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme means other colours
  useEffect(() => {
    const canvas = place.current;
    if (!canvas) return undefined;
    const colours = coloursOf(canvas);
    let drawn: unknown;
    // To ask for it with each drawing would make the browser lay the window out once for each canvas; the watcher tells when it changes, before it is seen.
    let size: Size = { width: canvas.clientWidth, height: canvas.clientHeight };
    const run = () => {
      drawn = newest.current.of?.();
      const painting = begin(canvas, size, colours);
      if (painting) newest.current.paint(painting);
    };
    const runIfOther = () => {
      if (!newest.current.of || newest.current.of() !== drawn) run();
    };
    again.current = run;
    const slow = pacedBy(everyMs, run);
    const ends = [...prompt.map((subscribe) => subscribe(runIfOther)), ...(paced ?? []).map((subscribe) => subscribe(slow.run))];
    const watcher = new ResizeObserver(() => {
      size = { width: canvas.clientWidth, height: canvas.clientHeight };
      run();
    });
    watcher.observe(canvas);
    return () => {
      watcher.disconnect();
      slow.end();
      for (const end of ends) end();
    };
  }, [prompt, paced, everyMs, theme]);
  useEffect(() => {
    newest.current = { paint, of };
    again.current();
  });
  return place;
}
