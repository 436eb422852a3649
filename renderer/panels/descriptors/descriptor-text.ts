// Descriptors as text: for a row, for the clipboard, for a file.
import type { RingSnapshot } from '#common/layouts/snapshot.ts';
import { rigbRings } from '#common/rings/rigb.ts';
import { type DescriptorField, descriptorHex } from '#common/rings/ring-backend.ts';
import { secondsOf } from '../../state/time-store.ts';
import { type Base, formatInBase } from '../../ui/number-base.ts';
import { csvOf } from '../../ui/table-text.ts';

/** The fields that say something, in one line. */
export function summary(ring: RingSnapshot, slot: number): string {
  const { format, fields } = rigbRings.decode(ring, slot);
  const telling = fields.filter(({ meaning, value }) => meaning !== '' && value !== 0n).slice(0, 4);
  // An address says more as a number than as a sentence that is the same in every row.
  const words = telling.map(({ name, width, value, meaning }) => (width >= addressBits ? `0x${value.toString(16)}` : `${name} ${meaning}`));
  return `${format} ${words.join(' · ')}`;
}

// So wide is only an address.
const addressBits = 48;

/** A field's value; an address is always hexadecimal. */
export const fieldValue = ({ value, width }: Pick<DescriptorField, 'value' | 'width'>, base: Base): string =>
  width >= addressBits || base === 'hex' ? `0x${value.toString(16)}` : formatInBase(value, base);

const fieldText = (field: DescriptorField, base: Base): string => `${field.name} = ${fieldValue(field, base)} ${field.meaning}`.trim();

/** All fields of a descriptor, a line each. */
export const decodedText = (ring: RingSnapshot, slot: number, base: Base): string =>
  rigbRings
    .decode(ring, slot)
    .fields.map((field) => fieldText(field, base))
    .join('\n');

const header = ['device', 'ring', 'snapshot_seconds_since_boot', 'slot', 'state', 'raw', 'format', 'fields'];

/** The given slots as CSV (RFC 4180) with a header. Every line has the snapshot's time, so that files can be joined. `slots` null is the whole ring. */
export function ringCsv(ring: RingSnapshot, slots: Uint16Array | null): string {
  const rows: string[][] = [header];
  const seconds = secondsOf(ring.timeAfterNs).toFixed(9);
  const count = slots ? slots.length : ring.descriptorCount;
  for (let row = 0; row < count; row += 1) {
    const slot = slots ? (slots[row] ?? 0) : row;
    const { format, fields } = rigbRings.decode(ring, slot);
    const set = fields.filter(({ value }) => value !== 0n).map((field) => fieldText(field, 'hex'));
    const cells = [
      ring.device,
      `${ring.kind}${ring.index}`,
      seconds,
      String(slot),
      rigbRings.state(ring, slot),
      descriptorHex(ring, slot),
      format,
    ];
    rows.push([...cells, set.join('; ')]);
  }
  return csvOf(rows);
}

/** A file's name that tells ring and instant. */
export function csvName(ring: RingSnapshot): string {
  const device = ring.device.replaceAll(/[:.]/g, '-');
  return `descriptors-${device}-${ring.kind}${ring.index}-${secondsOf(ring.timeAfterNs).toFixed(3)}s.csv`;
}
