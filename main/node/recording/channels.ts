// The channels of a recording: one for each stream of the wire, and three that only a reader of recordings needs.
import { z } from 'zod';
import { streams } from '#common/frame.ts';
import { replayMark } from '#common/protocol/recording.ts';
import { sessionEvent } from '#common/protocol.ts';
import { traceEventNames } from '#common/trace/event-kinds.ts';

/** Channel numbers. A stream has its own number; the others stay clear of what the wire may add. */
export const channelIds = { ...streams, state: 100, logBlock: 101, mark: 102 } as const;

/** The channels whose messages are played; the rest serves the reader. */
export const playedChannels: readonly number[] = Object.values(streams);

/** The profile in the header of the file. */
export const profile = 'ringscope';

/** One channel as it is declared in the file. */
export interface ChannelDeclaration {
  readonly id: number;
  readonly topic: string;
  readonly messageEncoding: 'json' | 'ringscope';
  readonly schemaName: string;
  readonly schemaEncoding: 'jsonschema' | 'ringscope';
  readonly schema: string;
}

const mark = replayMark.omit({ timeMs: true });
/** A mark as it is recorded: its time is the message's. */
export type RecordedMark = z.infer<typeof mark>;

// Events have members of every kind of input and output; what a reader finds is the output.
const jsonSchema = (schema: z.ZodType): string => JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));

const json = (id: number, name: string, schema: z.ZodType): ChannelDeclaration => ({
  id,
  topic: `/ringscope/${name}`,
  messageEncoding: 'json',
  schemaName: `ringscope.${name}`,
  schemaEncoding: 'jsonschema',
  schema: jsonSchema(schema),
});

const binary = (id: number, name: string, layout: string): ChannelDeclaration => ({
  id,
  topic: `/ringscope/${name}`,
  messageEncoding: 'ringscope',
  schemaName: `ringscope.${name}`,
  schemaEncoding: 'ringscope',
  schema: `All integers are little-endian. ${layout}`,
});

const driverFile =
  'u8[16] pciAddress (ASCII, zero padded), then the driver’s file as it was read: u32 magic "RIGB", u16 version 1, u16 headerLength, u32 length, u32 what, u64 timeBeforeNs, u64 timeAfterNs (CLOCK_MONOTONIC), ';
const logLayout =
  'u32 recordCount, u32 0, u64 lostRecords, then records: u32 recordLength, u8 level, u8 facility, u16 flags, u64 sequence, u64 timeUs, u16 textLength, u16 deviceLength, u16 subsystemLength, u16 0, text, device, subsystem (UTF-8), zero padding to 8 bytes.';

/** Every channel. */
export function declareChannels(): readonly ChannelDeclaration[] {
  return [
    json(channelIds.control, 'control', sessionEvent),
    binary(channelIds.log, 'log', `A batch of kernel log records: ${logLayout}`),
    binary(
      channelIds.sample,
      'sample',
      'u64 timeNs (CLOCK_MONOTONIC), u32 tableId, u16 cpuCount, u16 vectorCount, u16 softirqCount, u16 counterCount, u32 durationNs, then u64[vectorCount][cpuCount], u64[softirqCount][cpuCount], u64[counterCount]. The newest control message of type "table" with this tableId names the rows.',
    ),
    binary(
      channelIds.ring,
      'ring',
      `${driverFile}then u8 kind (0 rx, 1 tx), u8 flags, u16 queueIndex, u32 descriptorCount, u32 descriptorBytes, u32 0, u64 dmaAddress, u32[4] head, tail, nextToUse, nextToClean before the copy, u32[4] the same after it, u64 generation, descriptors as the card wrote them.`,
    ),
    binary(channelIds.registers, 'registers', `${driverFile}then u32 count, u32 0, {u32 offset, u32 value}[count].`),
    binary(
      channelIds.vectors,
      'vectors',
      `${driverFile}then u32 count, u32 0, {u32 irq, u16 vector, u8 role, u8 queue, u64 handled, u64 spurious, u64 polls, u64 lastNs, u64 exhausted}[count].`,
    ),
    binary(
      channelIds.trace,
      'trace',
      `A batch of the driver’s trace events: u8[16] pciAddress (ASCII, zero padded), u32 recordCount, u32 recordBytes (40), u64 lostEvents, u64 fromNs, u64 toNs, u64 pausedNs, then records: u64 timeNs (CLOCK_MONOTONIC), u16 event (${traceEventNames.map((name, number) => `${number} ${name}`).join(', ')}), u16 cpu, u16 queue (irq: vector), u16 flags (rx_done, tx_post: 1 end of packet, 2 checksum, 4 segmentation, 8 VLAN, 16 context, 32 hash, 64 bad, 128 timestamp; rx_refill: 1 starved; poll: 1 complete), u64 dmaAddress, u32[3] words, u32 0. Words: rx_post, rx_done, tx_post index, length; rx_refill next_to_use, next_to_clean, posted; tx_doorbell next_to_use, next_to_clean, free; tx_done index, length, frames; irq irq, cause; poll received, cleaned, budget.`,
    ),
    binary(channelIds.console, 'console', 'Bytes of the console of the inspected machine.'),
    binary(
      channelIds.state,
      'state',
      'Frames one after the other, each u32 length, u8 kind, u8 flags, u16 stream, u32 sequence, payload. The first is control: {"type":"state","clearedUnixNs":decimal string}. The others are the newest control message of each type, the newest snapshot of each thing and the console’s tail at this instant.',
    ),
    binary(
      channelIds.logBlock,
      'log-block',
      `The kernel log records since the block before, once more, so that they are found at once: ${logLayout}`,
    ),
    json(channelIds.mark, 'mark', mark),
  ];
}
