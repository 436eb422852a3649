// What a ring looks like, by the rectangles it is made of.
import { expect, test } from 'vitest';
import { countStates, drawRing } from '../../../renderer/panels/queues/draw-ring.ts';
import { layOut } from '../../../renderer/panels/queues/ring-layout.ts';
import type { Colours, Painting } from '../../../renderer/ui/painted-canvas.ts';
import { ringSnapshot, writtenBack } from '../../support/ring-snapshots.ts';

/** A painting whose colours are their names, and the rectangles that were filled. */
function recorded(width: number) {
  const filled: { colour: string; x: number; y: number; width: number; height: number }[] = [];
  const context = new Proxy({ fillStyle: '' } as Record<string, unknown>, {
    get: (kept, name) => {
      if (name === 'fillRect') {
        return (x: number, y: number, w: number, h: number) =>
          void filled.push({ colour: String(kept.fillStyle), x, y, width: w, height: h });
      }
      return kept[String(name)] ?? (() => undefined);
    },
  });
  const colours = new Proxy({}, { get: (_, name) => String(name) }) as Colours;
  const painting = { context, width, height: 100, scale: 1, colours } as unknown as Painting;
  return { painting, filled };
}

test('neighbours of one owner are one rectangle', () => {
  const { painting, filled } = recorded(800);
  const ring = ringSnapshot({ descriptorCount: 4096 }, { 10: writtenBack, 11: writtenBack, 12: writtenBack });
  drawRing(painting, ring, layOut(4096, 800), null);
  expect(filled.filter(({ colour }) => colour === 'done')).toHaveLength(1);
  expect(filled.filter(({ colour }) => colour === 'hardware').length).toBeLessThan(14);
});

test('the rectangles of all owners cover every descriptor once', () => {
  const { painting, filled } = recorded(640);
  const failed = [0, 0, 0x8000_0003, 60];
  const ring = ringSnapshot({ descriptorCount: 64 }, { 3: writtenBack, 4: failed, 63: writtenBack });
  const layout = layOut(64, 640);
  drawRing(painting, ring, layout, null);
  const owners = ['hardware', 'done', 'free', 'error'] as const;
  const counts = Object.fromEntries(
    owners.map((owner) => [
      owner,
      filled.filter(({ colour }) => colour === owner).reduce((sum, { width }) => sum + width, 0) / layout.cellWidth,
    ]),
  );
  expect(counts).toEqual({ ...countStates(ring) });
  expect(counts).toEqual({ hardware: 61, done: 1, free: 1, error: 1 });
});

test('done has a bar and an error a cross, so that none is told by colour alone', () => {
  const marks = (words: readonly number[]) => {
    const { painting, filled } = recorded(640);
    drawRing(painting, ringSnapshot({ descriptorCount: 2048 }, { 1: words }), layOut(2048, 640), null);
    return filled.filter(({ colour }) => colour === 'surface').length;
  };
  expect(marks([0, 0, 0, 0])).toBe(0);
  expect(marks(writtenBack)).toBe(1);
  expect(marks([0, 0, 0x8000_0003, 60])).toBe(2);
});
