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

function begin(canvas: HTMLCanvasElement, colours: Colours): Painting | null {
  const context = canvas.getContext('2d');
  const { clientWidth: width, clientHeight: height } = canvas;
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

/** A canvas that `paint` draws whenever one of the sources changes, the component is rendered, the theme or the size is another. `sources` must be the same from render to render. */
export function usePaintedCanvas(sources: readonly Subscribe[], paint: (painting: Painting) => void): RefObject<HTMLCanvasElement | null> {
  const place = useRef<HTMLCanvasElement>(null);
  const newest = useRef(paint);
  const again = useRef<() => void>(() => undefined);
  const theme = usePaintedTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme means other colours
  useEffect(() => {
    const canvas = place.current;
    if (!canvas) return undefined;
    const colours = coloursOf(canvas);
    const run = () => {
      const painting = begin(canvas, colours);
      if (painting) newest.current(painting);
    };
    again.current = run;
    const ends = sources.map((subscribe) => subscribe(run));
    const watcher = new ResizeObserver(run);
    watcher.observe(canvas);
    return () => {
      watcher.disconnect();
      for (const end of ends) end();
    };
  }, [sources, theme]);
  useEffect(() => {
    newest.current = paint;
    again.current();
  });
  return place;
}
