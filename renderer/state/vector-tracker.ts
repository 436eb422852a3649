// What the driver itself counted per interrupt vector, newest snapshot of each device.
import type { VectorsSnapshot } from '#common/layouts/snapshot.ts';
import { Newest } from './newest.ts';

/** All devices' vectors that were seen, by the device's PCI address. */
export class VectorTracker extends Newest<VectorsSnapshot> {
  /** Takes a snapshot. */
  add(snapshot: VectorsSnapshot): void {
    this.replace(snapshot.device, snapshot);
  }
}
