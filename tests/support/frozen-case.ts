// A queue that hangs, made by hand: a healthy card whose transmit queue 0 has work, of which a test changes what it is about.
import type { FrozenCase, FrozenRing, FrozenVector } from '#common/autopsy/frozen-case.ts';

/** A ring whose positions have stood since two seconds before the case. */
export function standingRing(
  kind: 'rx' | 'tx',
  positions: { head: number; tail: number; nextToUse: number; nextToClean: number },
  change: Partial<FrozenRing> = {},
): FrozenRing {
  return {
    kind,
    index: 0,
    isRunning: true,
    isFromCard: true,
    descriptorCount: 64,
    generation: '1',
    history: Array.from({ length: 21 }, (_, step) => ({ atSeconds: 98 + step / 10, ...positions })),
    pending: null,
    states: { hardware: 0, done: 0, free: 64, error: 0 },
    descriptors: [],
    ...change,
  };
}

/** Vector 0 with what it counted over the last two seconds. */
export const vectorWith = (handled: number, polls: number): FrozenVector => ({
  vector: 0,
  irq: 27,
  roles: ['rx', 'tx'],
  queue: 0,
  history: [
    { atSeconds: 98, handled: 1000, spurious: 0, polls: 1000, exhausted: 10 },
    { atSeconds: 100, handled: 1000 + handled, spurious: 0, polls: 1000 + polls, exhausted: 10 + polls / 2 },
  ],
});

/** Registers of a card that works: engines on, link up, MSI-X, vectors 0 to 2 unmasked. */
export const healthyRegisters: Readonly<Record<number, number>> = {
  0: 0x40,
  8: 0x0008_0083,
  256: 0x0400_8002,
  1024: 0x0103_f0fa,
  5396: 0xc000_0011,
  5412: 0x7,
  49192: 0x0200_0000,
  57384: 0x0200_0000,
};

/** The case; registers are given as changes of the healthy ones. */
export function frozenCase(
  change: Partial<Omit<FrozenCase, 'registers'>> = {},
  registers: Readonly<Record<number, number>> | null = {},
): FrozenCase {
  return {
    device: '0000:01:00.0',
    interface: 'eth0',
    driver: 'rigb',
    kernel: '7.3.4 x86_64',
    queue: { kind: 'tx', index: 0 },
    trigger: 'TX queue 0 is stuck.',
    atSeconds: 100,
    atUnixMs: 1_790_000_000_000,
    rings: [
      standingRing('tx', { head: 5, tail: 20, nextToUse: 20, nextToClean: 5 }, { pending: { waiting: 'card', descriptors: 15, at: 5 } }),
    ],
    registers:
      registers === null
        ? null
        : {
            atSeconds: 100,
            values: Object.entries({ ...healthyRegisters, ...registers }).map(([offset, value]) => ({ offset: Number(offset), value })),
          },
    vectors: [vectorWith(10, 10)],
    link: { carrier: true, administrativeUp: true, speedMbps: 1000 },
    napi: [],
    pcie: null,
    rates: { fromSeconds: 95, toSeconds: 100, interrupts: [], softirqs: [{ name: 'NET_RX', perSecond: 12 }], counters: [] },
    log: [],
    ...change,
  };
}

/** The same with its receive ring, on which three descriptors are done and wait. */
export const receiveCase = (vector: FrozenVector, registers: Readonly<Record<number, number>> = {}, done = 3): FrozenCase =>
  frozenCase(
    {
      queue: { kind: 'rx', index: 0 },
      vectors: [vector],
      rings: [
        standingRing(
          'rx',
          { head: (4 + done) % 64, tail: 3, nextToUse: 3, nextToClean: 4 },
          { pending: { waiting: 'driver', descriptors: done, at: 4 }, states: { hardware: 60 - done, done, free: 1, error: 0 } },
        ),
      ],
    },
    registers,
  );
