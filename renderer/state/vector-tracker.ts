// What the driver itself counted per interrupt vector, newest snapshot of each device.
import type { VectorsSnapshot } from '#common/layouts/snapshot.ts';
import type { FrameLoop } from './frame-loop.ts';
import { Source } from './source.ts';

/** All devices' vectors that were seen. */
export class VectorTracker extends Source {
  readonly #devices = new Map<string, VectorsSnapshot>();
  #standing: ReadonlyMap<string, VectorsSnapshot> | null = null;

  constructor(loop: FrameLoop) {
    super(loop);
  }

  /** Takes a snapshot. */
  add(snapshot: VectorsSnapshot): void {
    this.#standing = this.isStill ? (this.#standing ?? new Map(this.#devices)) : null;
    this.#devices.set(snapshot.device, snapshot);
    this.changed();
  }

  /** The newest of a device; while the screen stands still, the newest of then. */
  get(device: string): VectorsSnapshot | undefined {
    return (this.isStill && this.#standing ? this.#standing : this.#devices).get(device);
  }

  /** Forgets everything. */
  clear(): void {
    this.#devices.clear();
    this.changed();
  }
}
