// The whole ring in one strip: how long ago each descriptor changed, where head, tail and next_to_clean stand, and which part the table shows. Pressing it scrolls there.
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import type { TrackedRing } from '../../state/ring-tracker.ts';
import { secondsOf } from '../../state/time-store.ts';
import { type Painting, type Subscribe, usePaintedCanvas } from '../../ui/painted-canvas.ts';
import { heatColumns } from './heat.ts';

/** The slots that the table shows, both inclusive. */
export interface Extent {
  readonly first: number;
  readonly last: number;
}

/** Ink of a change just now: with all of it a busy ring would be a white bar above its table. */
const strongest = 0.6;

function drawHeat({ context, width, height, colours }: Painting, ring: TrackedRing, columns: Float32Array, { first, last }: Extent): void {
  const { snapshot, changedSeconds } = ring;
  const count = snapshot.descriptorCount;
  const [top, bottom] = [5, height - 5];
  heatColumns(changedSeconds, secondsOf(snapshot.timeAfterNs), columns);
  const column = width / columns.length;
  context.fillStyle = colours['surface-raised'];
  context.fillRect(0, top, width, bottom - top);
  context.fillStyle = colours.text;
  for (const [at, strength] of columns.entries()) {
    if (strength === 0) continue;
    context.globalAlpha = strength * strongest;
    context.fillRect(at * column, top, column, bottom - top);
  }
  context.globalAlpha = 1;
  const xOf = (slot: number) => ((slot + 0.5) / count) * width;
  const triangle = (x: number, tip: number, base: number) => {
    context.beginPath();
    context.moveTo(x, tip);
    context.lineTo(x - 4, base);
    context.lineTo(x + 4, base);
    context.fill();
  };
  const { head, tail, nextToClean } = snapshot.after;
  context.fillStyle = colours['mark-tail'];
  triangle(xOf(tail), top, 0);
  context.fillStyle = colours.hardware;
  triangle(xOf(head), bottom, height);
  context.fillStyle = colours.done;
  context.fillRect(xOf(nextToClean) - 2, bottom, 4, 4);
  context.strokeStyle = colours.focus;
  context.lineWidth = 2;
  const left = (first / count) * width;
  context.strokeRect(left + 1, top - 1, Math.max(4, ((last + 1) / count) * width - left - 2), bottom - top + 2);
}

/** The strip. `extentOf` tells which slots the table shows; `sources` of what it draws must stay the same. */
export function HeatStrip({
  count,
  first,
  sources,
  ringOf,
  extentOf,
  onScroll,
}: {
  count: number;
  /** The first slot that the table shows, for who cannot see the strip. */
  first: number;
  sources: readonly Subscribe[];
  ringOf: () => TrackedRing | undefined;
  extentOf: () => Extent;
  /** Scrolls the table so that a slot is in its middle. */
  onScroll: (slot: number) => void;
}) {
  const columns = useRef(new Float32Array(0));
  const place = usePaintedCanvas({ prompt: sources, of: ringOf }, (painting) => {
    const ring = ringOf();
    if (!ring || ring.snapshot.descriptorCount === 0) return;
    const wanted = Math.min(ring.snapshot.descriptorCount, Math.floor(painting.width));
    if (columns.current.length !== wanted) columns.current = new Float32Array(wanted);
    drawHeat(painting, ring, columns.current, extentOf());
  });
  const slotUnder = ({ clientX, currentTarget }: PointerEvent<HTMLCanvasElement>): number => {
    const box = currentTarget.getBoundingClientRect();
    return Math.min(count - 1, Math.max(0, Math.floor(((clientX - box.left) / Math.max(1, box.width)) * count)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { first: from, last } = extentOf();
    const middle = (from + last) >> 1;
    const page = last - from + 1;
    const targets: Record<string, number> = {
      ArrowRight: middle + 1,
      ArrowLeft: middle - 1,
      PageDown: middle + page,
      PageUp: middle - page,
      Home: 0,
      End: count - 1,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    onScroll(Math.min(count - 1, Math.max(0, target)));
  };
  return (
    <canvas
      ref={place}
      className="heat-strip"
      role="scrollbar"
      tabIndex={0}
      aria-label="Map of the ring: how long ago each descriptor changed"
      aria-controls="descriptor-rows"
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, count - 1)}
      aria-valuenow={first}
      title="Darker: changed just now · ▼ tail · ▲ head · ■ next_to_clean · press or drag to scroll"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture?.(event.pointerId);
        onScroll(slotUnder(event));
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1) onScroll(slotUnder(event));
      }}
    />
  );
}
