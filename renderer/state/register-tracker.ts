// Register values of each device over time: the newest, when each last changed, and the last minutes in typed arrays.
import type { RegistersSnapshot } from '#common/layouts/snapshot.ts';
import type { FrameLoop } from './frame-loop.ts';
import { ageAtSeconds } from './series.ts';
import { Source } from './source.ts';
import { secondsOf } from './time-store.ts';

/** Snapshots that are kept: five minutes at four a second. */
export const keptSnapshots = 1200;

/** Values of one register over time, oldest first; `seconds` are since boot. */
export interface RegisterHistory {
  readonly seconds: Float64Array;
  readonly values: Uint32Array;
}

/** A change of a register, or of some of its bits. */
export interface RegisterChange {
  readonly seconds: number;
  readonly before: number;
  readonly after: number;
  /** How many snapshots ago; 0 is the newest. */
  readonly snapshotsAgo: number;
}

/** What is known of one device's registers. Rows are snapshots in a ring, columns the registers in the driver's order. */
export class TrackedRegisters {
  readonly offsets: readonly number[];
  readonly #columns: ReadonlyMap<number, number>;
  readonly #seconds = new Float64Array(keptSnapshots);
  readonly #values: Uint32Array;
  #next = 0;
  #count = 0;

  constructor(offsets: readonly number[]) {
    this.offsets = offsets;
    this.#columns = new Map(offsets.map((offset, column) => [offset, column]));
    this.#values = new Uint32Array(keptSnapshots * offsets.length);
  }

  /** How many snapshots are kept. */
  get count(): number {
    return this.#count;
  }

  /** Seconds since boot of the newest snapshot, NaN when there is none. */
  get newestSeconds(): number {
    return this.#count === 0 ? Number.NaN : (this.#seconds[this.#row(0)] ?? Number.NaN);
  }

  /** Whether the driver shows the register. */
  has(offset: number): boolean {
    return this.#columns.has(offset);
  }

  /** Whether a snapshot has just these registers, in this order. */
  fits({ registers }: RegistersSnapshot): boolean {
    return registers.length === this.offsets.length && registers.every(({ offset }, column) => offset === this.offsets[column]);
  }

  /** Takes a snapshot. One that is told again is not taken twice; false when it is older than the newest. */
  add({ registers, timeAfterNs }: RegistersSnapshot): boolean {
    const seconds = secondsOf(timeAfterNs);
    if (seconds === this.newestSeconds) return true;
    if (seconds < this.newestSeconds) return false;
    this.#seconds[this.#next] = seconds;
    const begin = this.#next * this.offsets.length;
    for (const [column, { value }] of registers.entries()) this.#values[begin + column] = value;
    this.#next = (this.#next + 1) % keptSnapshots;
    this.#count = Math.min(keptSnapshots, this.#count + 1);
    return true;
  }

  /** The value at an instant, the newest without one; null when the register is not shown or nothing was read by then. */
  value(offset: number, seconds: number | null = null): number | null {
    const column = this.#columns.get(offset);
    const back = this.#backTo(seconds);
    return column === undefined || back === null ? null : this.#at(back, column);
  }

  /** The last change of the bits in `mask` up to an instant, null when they have not changed as long as snapshots are kept. */
  lastChange(offset: number, mask = 0xffff_ffff, seconds: number | null = null): RegisterChange | null {
    const column = this.#columns.get(offset);
    const newest = this.#backTo(seconds);
    if (column === undefined || newest === null) return null;
    let after = this.#at(newest, column);
    for (let back = newest; back + 1 < this.#count; back += 1) {
      const before = this.#at(back + 1, column);
      if (((before ^ after) & mask) !== 0)
        return { seconds: this.#seconds[this.#row(back)] ?? Number.NaN, before, after, snapshotsAgo: back - newest };
      after = before;
    }
    return null;
  }

  /** All that is kept of one register; null when the driver does not show it. */
  history(offset: number): RegisterHistory | null {
    const column = this.#columns.get(offset);
    if (column === undefined) return null;
    const seconds = new Float64Array(this.#count);
    const values = new Uint32Array(this.#count);
    for (let index = 0; index < this.#count; index += 1) {
      const back = this.#count - 1 - index;
      seconds[index] = this.#seconds[this.#row(back)] ?? Number.NaN;
      values[index] = this.#at(back, column);
    }
    return { seconds, values };
  }

  #row(back: number): number {
    return (this.#next - 1 - back + 2 * keptSnapshots) % keptSnapshots;
  }

  #at(back: number, column: number): number {
    return this.#values[this.#row(back) * this.offsets.length + column] ?? 0;
  }

  /** How many snapshots before the newest the one at an instant is. */
  #backTo(seconds: number | null): number | null {
    if (this.#count === 0) return null;
    if (seconds === null) return 0;
    const back = ageAtSeconds({ length: this.#count, secondsAt: (age) => this.#seconds[this.#row(age)] ?? 0 }, seconds);
    return back < this.#count ? back : null;
  }
}

/** All devices' registers that were seen. */
export class RegisterTracker extends Source {
  readonly #devices = new Map<string, TrackedRegisters>();

  constructor(loop: FrameLoop) {
    super(loop);
  }

  /** Takes a snapshot. A driver that shows other registers, and a clock that went back, begin anew. */
  add(snapshot: RegistersSnapshot): void {
    const known = this.#devices.get(snapshot.device);
    if (!known?.fits(snapshot) || !known.add(snapshot)) {
      const fresh = new TrackedRegisters(snapshot.registers.map(({ offset }) => offset));
      fresh.add(snapshot);
      this.#devices.set(snapshot.device, fresh);
    }
    this.changed();
  }

  /** What is known of a device. */
  get(device: string): TrackedRegisters | undefined {
    return this.#devices.get(device);
  }

  /** Forgets everything. */
  clear(): void {
    this.#devices.clear();
    this.changed();
  }
}
