// The chosen ring, one cell a descriptor, on one line or on several. It is drawn with each snapshot, without React.
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import type { RingSnapshot } from '#common/layouts/snapshot.ts';
import { rigbRings } from '#common/rings/rigb.ts';
import { useModel } from '../../ui/model-context.tsx';
import { usePaintedCanvas } from '../../ui/painted-canvas.ts';
import { drawRing } from './draw-ring.ts';
import { heightOf, layOut, slotAt } from './ring-layout.ts';

/** The strip; a click chooses a descriptor, arrow keys the next ones. `ringOf` gives the newest snapshot. */
export function RingStrip({
  name,
  count,
  slot,
  ringOf,
  onChoose,
}: {
  name: string;
  count: number;
  slot: number | null;
  ringOf: () => RingSnapshot | undefined;
  onChoose: (slot: number) => void;
}) {
  const { rings } = useModel();
  const sources = useRef([rings.subscribe]);
  const [width, setWidth] = useState(0);
  const layout = layOut(count, width || 640);
  const place = usePaintedCanvas({ prompt: sources.current, of: ringOf }, (painting) => {
    const ring = ringOf();
    if (ring && ring.descriptorCount > 0) drawRing(painting, ring, layOut(ring.descriptorCount, painting.width), slot);
  });
  useEffect(() => {
    const canvas = place.current;
    if (!canvas) return undefined;
    // The height follows from the width, and only from that.
    const watcher = new ResizeObserver(() => setWidth(canvas.clientWidth));
    watcher.observe(canvas);
    return () => watcher.disconnect();
  }, [place]);
  const slotUnder = ({ clientX, clientY, currentTarget }: MouseEvent<HTMLCanvasElement>): number => {
    const box = currentTarget.getBoundingClientRect();
    return slotAt(layOut(count, box.width), clientX - box.left, clientY - box.top);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: layout.lines > 1 ? layout.columns : 1,
      ArrowUp: layout.lines > 1 ? -layout.columns : -1,
      Home: -count,
      End: count,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onChoose(Math.min(count - 1, Math.max(0, (slot ?? -1) + step)));
  };
  return (
    <canvas
      ref={place}
      className="ring-strip"
      style={{ height: heightOf(layout) }}
      role="slider"
      tabIndex={0}
      aria-label={`${name}, chosen descriptor`}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, count - 1)}
      aria-valuenow={slot ?? 0}
      aria-valuetext={slot === null ? 'none' : `descriptor ${slot}`}
      onKeyDown={onKeyDown}
      onClick={(event) => onChoose(slotUnder(event))}
      onMouseMove={(event) => {
        const ring = ringOf();
        const index = slotUnder(event);
        event.currentTarget.title = ring && index < ring.descriptorCount ? `descriptor ${index}: ${rigbRings.state(ring, index)}` : '';
      }}
    />
  );
}
