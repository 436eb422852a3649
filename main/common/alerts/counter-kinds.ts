// Which counters tell of losses and which of errors, by the names that the kernel, ethtool and drivers give them.

/** `overrun`: frames the card had no room for. `drop`: frames somebody threw away. `error`: frames or transfers that went wrong. */
export type CounterKind = 'overrun' | 'drop' | 'error';

// In this order: `rx_missed_errors` and `rx_fifo_errors` are overruns by another name.
const kinds: readonly (readonly [RegExp, CounterKind])[] = [
  [/missed|no.?buf|fifo|over_errors|overrun|alloc.?fail|hw-drops|rnbc|rx_queue_\d+_drops/, 'overrun'],
  [/drop|discard/, 'drop'],
  [/error|crc|symbol|abort|timeout|csum.?(err|bad)|align|carrier_lost/, 'error'],
];

// Sums of good things whose names sound otherwise.
const harmless = /good|csum.?none|unnecessary|xdp|smbus|^os2bmc/;

/** What a counter's name says; null for what counts neither. */
export function counterKind(name: string): CounterKind | null {
  const lowered = name.toLowerCase();
  if (harmless.test(lowered)) return null;
  return kinds.find(([pattern]) => pattern.test(lowered))?.[1] ?? null;
}
