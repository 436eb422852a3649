// The tracepoints of rigb by the numbers that stream 8 gives them; see driver/rigb/rigb_trace.h for what each means.

/** Names in the order of their numbers. */
export const traceEventNames = ['rx_post', 'rx_refill', 'rx_done', 'tx_post', 'tx_doorbell', 'tx_done', 'irq', 'poll'] as const;

/** A tracepoint's name, as tracefs has it below `events/rigb`. */
export type TraceEventName = (typeof traceEventNames)[number];

/** The numbers by name, in the shape of the kernel's names. */
export const traceKinds = {
  rxPost: 0,
  rxRefill: 1,
  rxDone: 2,
  txPost: 3,
  txDoorbell: 4,
  txDone: 5,
  irq: 6,
  poll: 7,
} as const;

/** Flags of a descriptor in `rx_done` and `tx_post`. */
export const traceFlags = {
  endOfPacket: 0x01,
  checksum: 0x02,
  segmentation: 0x04,
  vlan: 0x08,
  context: 0x10,
  hash: 0x20,
  bad: 0x40,
  timestamp: 0x80,
} as const;

/** Bit 0 of a poll's flags: it was done before its budget was. Of a refill's: there was no memory for more. */
export const completeOrStarved = 1;
