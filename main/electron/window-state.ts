// Where the window was: kept in the user's data folder, believed only when it still fits a screen.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rectangle } from 'electron';
import { z } from 'zod';

const coordinate = z.number().int().min(-100_000).max(100_000);
const stateSchema = z.object({
  bounds: z.object({ x: coordinate, y: coordinate, width: coordinate.min(640), height: coordinate.min(400) }),
  isMaximized: z.boolean(),
});

/** The window's place as it is kept. */
export type WindowState = z.infer<typeof stateSchema>;

/** How much of the window must be on a screen, in pixels each way, for a hand to reach it. */
const reachable = 120;

function shared(from: number, length: number, screenFrom: number, screenLength: number): number {
  return Math.min(from + length, screenFrom + screenLength) - Math.max(from, screenFrom);
}

function fits(bounds: Rectangle, screens: readonly Rectangle[]): boolean {
  return screens.some(
    (screen) =>
      shared(bounds.x, bounds.width, screen.x, screen.width) >= reachable &&
      shared(bounds.y, bounds.height, screen.y, screen.height) >= reachable,
  );
}

function file(userData: string): string {
  return join(userData, 'window.json');
}

/** The kept place, or null when there is none, it is not ours, or no screen shows it any more. */
export function readWindowState(userData: string, screens: readonly Rectangle[]): WindowState | null {
  try {
    const parsed = stateSchema.safeParse(JSON.parse(readFileSync(file(userData), 'utf8')));
    return parsed.success && fits(parsed.data.bounds, screens) ? parsed.data : null;
  } catch {
    // Absent at the first start, or cut off by a power failure: the default place serves.
    return null;
  }
}

/** Keeps the place. */
export function writeWindowState(userData: string, state: WindowState): void {
  try {
    writeFileSync(file(userData), JSON.stringify(state));
  } catch {
    // A full disk must not keep the window from closing.
  }
}
