// Drawing a ring: who owns each descriptor by colour and pattern, and where head, tail, next_to_use and next_to_clean stand by shape.
import type { RingSnapshot } from '#common/layouts/snapshot.ts';
import { rigbRings } from '#common/rings/rigb.ts';
import type { DescriptorState } from '#common/rings/ring-backend.ts';
import type { Painting } from '../../ui/painted-canvas.ts';
import { placeOf, type RingLayout } from './ring-layout.ts';

/** A triangle whose tip is at `tip`; it lies above (-1) or below (1) of that. */
function trianglePath(context: CanvasRenderingContext2D, x: number, tip: number, size: number, direction: 1 | -1): void {
  context.beginPath();
  context.moveTo(x, tip);
  context.lineTo(x - size * 0.6, tip + size * direction);
  context.lineTo(x + size * 0.6, tip + size * direction);
  context.closePath();
}

function diamondPath(context: CanvasRenderingContext2D, x: number, top: number, size: number): void {
  context.beginPath();
  context.moveTo(x, top);
  context.lineTo(x + size / 2, top + size / 2);
  context.lineTo(x, top + size);
  context.lineTo(x - size / 2, top + size / 2);
  context.closePath();
}

/** How many descriptors each owner has. */
export function countStates(ring: RingSnapshot): Record<DescriptorState, number> {
  const counts = { hardware: 0, done: 0, free: 0, error: 0 };
  for (let index = 0; index < ring.descriptorCount; index += 1) counts[rigbRings.state(ring, index)] += 1;
  return counts;
}

/** Draws neighbours of one owner as one rectangle: a ring of thousands has a dozen of those, and thousands of rectangles take most of a frame. */
function drawCells({ context, colours }: Painting, ring: RingSnapshot, layout: RingLayout): void {
  const { cellWidth, cellHeight, columns, count } = layout;
  const middle = Math.round(cellHeight / 2) - 1;
  const bar = cellHeight > 8 ? 2 : 1;
  const run = (state: DescriptorState, from: number, to: number) => {
    const { x, y } = placeOf(layout, from);
    const width = (to - from) * cellWidth;
    context.fillStyle = colours[state];
    if (state === 'free') {
      context.fillRect(x, y + cellHeight - 2, width, 2);
      return;
    }
    context.fillRect(x, y, width, cellHeight);
    if (state === 'hardware') return;
    // Done carries a bar, an error a cross: nobody has to tell amber from vermilion by colour.
    context.fillStyle = colours.surface;
    context.fillRect(x, y + middle, width, bar);
    for (let slot = from; state === 'error' && slot < to; slot += 1) {
      context.fillRect(x + (slot - from + 0.5) * cellWidth - 0.5, y, 1, cellHeight);
    }
  };
  let begun = 0;
  let state = rigbRings.state(ring, 0);
  for (let slot = 1; slot <= count; slot += 1) {
    const next = slot < count ? rigbRings.state(ring, slot) : null;
    if (next === state && slot % columns !== 0) continue;
    run(state, begun, slot);
    begun = slot;
    if (next !== null) state = next;
  }
  if (cellWidth <= 3) return;
  context.fillStyle = colours.surface;
  for (let slot = 0; slot < count; slot += 1) {
    const { x, y } = placeOf(layout, slot);
    context.fillRect(x + cellWidth - 1, y, 1, cellHeight);
  }
}

/** Draws the ring; `slot` is the chosen descriptor. */
export function drawRing(painting: Painting, ring: RingSnapshot, layout: RingLayout, slot: number | null): void {
  const { context, colours } = painting;
  drawCells(painting, ring, layout);
  const { cellWidth, cellHeight } = layout;
  const { head, tail, nextToUse, nextToClean } = ring.after;
  const at = (index: number) => {
    const { x, y } = placeOf(layout, index);
    return { x: x + cellWidth / 2, y };
  };
  const positions = { tail: at(tail), use: at(nextToUse), head: at(head), clean: at(nextToClean) };
  const size = layout.markHeight - 1;
  context.strokeStyle = colours['text-soft'];
  context.lineWidth = 1.5;
  trianglePath(context, positions.use.x, positions.use.y - 1, size - 1, -1);
  context.stroke();
  context.fillStyle = colours['mark-tail'];
  trianglePath(context, positions.tail.x, positions.tail.y - 1, size, -1);
  context.fill();
  context.fillStyle = colours.hardware;
  trianglePath(context, positions.head.x, positions.head.y + cellHeight + 1, size, 1);
  context.fill();
  context.fillStyle = colours.done;
  diamondPath(context, positions.clean.x, positions.clean.y + cellHeight + 1, size);
  context.fill();
  if (slot !== null && slot < ring.descriptorCount) {
    const { x, y } = placeOf(layout, slot);
    context.strokeStyle = colours.focus;
    context.lineWidth = 2;
    context.strokeRect(x - 1, y - 2, cellWidth + 2, cellHeight + 4);
  }
}
