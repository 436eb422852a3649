// Lines by which the stack and rigb say that a transmit queue stands still.

/** What a line tells. */
export type DriverEvent =
  | {
      readonly type: 'transmit-timeout';
      /** The interface, where the line names it. */
      readonly interface: string | null;
      readonly queue: number;
      /** How long nothing was cleaned; null where an older kernel does not say. */
      readonly stalledMs: number | null;
    }
  | {
      readonly type: 'transmit-hang';
      readonly interface: string | null;
      readonly queue: number;
      readonly nextToUse: number;
      readonly nextToClean: number;
      readonly head: number;
      readonly tail: number;
    };

// net/sched/sch_generic.c since 6.7, and as it was before, when it was a WARN.
const watchdog = /(?:(\S+): )?NETDEV WATCHDOG: (?:(\S+) \(\S+\): )?(?:CPU: \d+: )?transmit queue (\d+) timed out(?: (\d+) ms)?/;
// driver/rigb/src/dev/reset.rs.
const hang = /(?:(\S+): )?transmit queue (\d+) hangs: next_to_use (\d+), next_to_clean (\d+), TDH (\d+), TDT (\d+)/;

/** What a line tells of a queue that stands still; null when it tells nothing of that kind. */
export function readDriverEvent(text: string): DriverEvent | null {
  const timeout = watchdog.exec(text);
  if (timeout) {
    const [, prefix, named, queue, ms] = timeout;
    return {
      type: 'transmit-timeout',
      interface: named ?? prefix ?? null,
      queue: Number(queue),
      stalledMs: ms === undefined ? null : Number(ms),
    };
  }
  const hanging = hang.exec(text);
  if (!hanging) return null;
  const [, prefix, ...numbers] = hanging;
  const [queue = 0, nextToUse = 0, nextToClean = 0, head = 0, tail = 0] = numbers.map(Number);
  return { type: 'transmit-hang', interface: prefix ?? null, queue, nextToUse, nextToClean, head, tail };
}
