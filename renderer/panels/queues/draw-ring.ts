// Drawing a ring: who owns each descriptor by colour and pattern, and where head, tail, next_to_use and next_to_clean stand by shape.
import type { RingSnapshot } from '#common/layouts/snapshot.ts';
import { rigbRings } from '#common/rings/rigb.ts';
import type { DescriptorState } from '#common/rings/ring-backend.ts';
import type { Colours, Painting } from '../../ui/painted-canvas.ts';
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

const drawnStates = ['hardware', 'done', 'error', 'free'] as const satisfies readonly DescriptorState[];

/** How many descriptors each owner has. */
export function countStates(ring: RingSnapshot): Record<DescriptorState, number> {
  const counts = { hardware: 0, done: 0, free: 0, error: 0 };
  for (let index = 0; index < ring.descriptorCount; index += 1) counts[rigbRings.state(ring, index)] += 1;
  return counts;
}

function drawCells(context: CanvasRenderingContext2D, ring: RingSnapshot, layout: RingLayout, colours: Colours): void {
  const { cellWidth, cellHeight } = layout;
  const width = Math.max(cellWidth > 3 ? cellWidth - 1 : cellWidth, 0.5);
  const slots: Record<DescriptorState, number[]> = { hardware: [], done: [], error: [], free: [] };
  for (let index = 0; index < ring.descriptorCount; index += 1) slots[rigbRings.state(ring, index)].push(index);
  // One path an owner: thousands of single rectangles would take most of a frame.
  const fill = (state: DescriptorState, colour: string, top: number, height: number, inset = 0) => {
    context.beginPath();
    for (const slot of slots[state]) {
      const { x, y } = placeOf(layout, slot);
      context.rect(x + inset, y + top, inset > 0 ? 1 : width, height);
    }
    context.fillStyle = colour;
    context.fill();
  };
  for (const state of drawnStates) {
    if (state === 'free') fill(state, colours.free, cellHeight - 2, 2);
    else fill(state, colours[state], 0, cellHeight);
  }
  // Done carries a bar, an error a cross: nobody has to tell amber from vermilion by colour.
  const middle = Math.round(cellHeight / 2) - 1;
  fill('done', colours.surface, middle, cellHeight > 8 ? 2 : 1);
  fill('error', colours.surface, middle, cellHeight > 8 ? 2 : 1);
  fill('error', colours.surface, 0, cellHeight, Math.max(0.5, width / 2 - 0.5));
}

/** Draws the ring; `slot` is the chosen descriptor. */
export function drawRing({ context, colours }: Painting, ring: RingSnapshot, layout: RingLayout, slot: number | null): void {
  drawCells(context, ring, layout, colours);
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
