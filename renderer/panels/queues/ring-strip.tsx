// A ring drawn as a strip, one cell a descriptor: who owns it by colour and pattern, and where head, tail and next_to_clean stand.
import { useEffect, useRef } from 'react';
import type { RingSnapshot } from '#common/layouts/snapshot.ts';
import { rigbRings } from '#common/rings/rigb.ts';
import type { DescriptorState } from '#common/rings/ring-backend.ts';

const stripHeight = 44;
const cellTop = 14;
const cellHeight = 16;

function fillCell(
  context: CanvasRenderingContext2D,
  state: DescriptorState,
  x: number,
  width: number,
  colours: Record<DescriptorState | 'surface', string>,
): void {
  context.fillStyle = colours[state];
  if (state === 'free') {
    context.fillRect(x, cellTop + cellHeight - 2, width, 2);
    return;
  }
  context.fillRect(x, cellTop, width, cellHeight);
  if (state === 'hardware') return;
  // Done carries a bar, an error a cross: nobody has to tell amber from vermilion by colour.
  context.fillStyle = colours.surface;
  context.fillRect(x, cellTop + 7, width, 2);
  if (state === 'error') context.fillRect(x + width / 2 - 0.5, cellTop, 1, cellHeight);
}

function triangle(context: CanvasRenderingContext2D, x: number, tip: number, base: number): void {
  context.beginPath();
  context.moveTo(x, tip);
  context.lineTo(x - 5, base);
  context.lineTo(x + 5, base);
  context.fill();
}

/** Draws the strip. */
export function drawStrip(canvas: HTMLCanvasElement, ring: RingSnapshot, slot: number | null): void {
  const context = canvas.getContext('2d');
  const width = canvas.clientWidth;
  if (!context || width === 0) return;
  const scale = globalThis.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(stripHeight * scale);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const colours = {
    hardware: colour('hardware'),
    done: colour('done'),
    free: colour('free'),
    error: colour('error'),
    surface: colour('surface'),
  };
  const count = ring.descriptorCount;
  const cell = width / Math.max(1, count);
  for (let index = 0; index < count; index += 1) {
    fillCell(context, rigbRings.state(ring, index), index * cell, Math.max(cell > 3 ? cell - 1 : cell, 0.5), colours);
  }
  const centre = (index: number) => (index + 0.5) * cell;
  context.fillStyle = colour('mark-tail');
  triangle(context, centre(ring.after.tail), cellTop - 1, 3);
  context.fillStyle = colours.hardware;
  triangle(context, centre(ring.after.head), cellTop + cellHeight + 1, stripHeight - 3);
  context.fillStyle = colours.done;
  const x = centre(ring.after.nextToClean);
  context.beginPath();
  context.moveTo(x, cellTop + cellHeight + 1);
  context.lineTo(x + 4, cellTop + cellHeight + 6);
  context.lineTo(x, cellTop + cellHeight + 11);
  context.lineTo(x - 4, cellTop + cellHeight + 6);
  context.fill();
  if (slot !== null && slot < count) {
    context.strokeStyle = colour('focus');
    context.lineWidth = 2;
    context.strokeRect(slot * cell - 1, cellTop - 2, cell + 2, cellHeight + 4);
  }
}

/** The strip; clicking a cell chooses its descriptor. */
export function RingStrip({
  ring,
  slot,
  theme,
  onChoose,
}: {
  ring: RingSnapshot;
  slot: number | null;
  theme: string;
  onChoose: (slot: number) => void;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  // The theme is not read here, but another one means other colours.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (canvas.current) drawStrip(canvas.current, ring, slot);
  }, [ring, slot, theme]);
  const slotAt = (clientX: number): number => {
    const box = canvas.current?.getBoundingClientRect();
    return box ? Math.min(ring.descriptorCount - 1, Math.max(0, Math.floor(((clientX - box.left) / box.width) * ring.descriptorCount))) : 0;
  };
  const { head, tail, nextToUse, nextToClean } = ring.after;
  return (
    <canvas
      ref={canvas}
      className="ring-strip"
      role="img"
      aria-label={`${ring.kind} ring ${ring.index}: head ${head}, tail ${tail}, next_to_use ${nextToUse}, next_to_clean ${nextToClean} of ${ring.descriptorCount}`}
      onClick={({ clientX }) => onChoose(slotAt(clientX))}
      onMouseMove={({ clientX, currentTarget }) => {
        const index = slotAt(clientX);
        currentTarget.title = `descriptor ${index}: ${rigbRings.state(ring, index)}`;
      }}
    />
  );
}
