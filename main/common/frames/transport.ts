// TCP (RFC 9293) with its usual options, and UDP (RFC 768).
import { type FrameBytes, LayerReader, plainHex, type ReadLayer } from './frame-layer.ts';

const flagNames = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];

const flagsOf = (value: number): string => flagNames.filter((_, bit) => ((value >> bit) & 1) === 1).join(' ');

/** Reads options up to `end`; an option that contradicts itself ends it. */
function readOptions(reader: LayerReader, end: number): void {
  while (reader.at < end && !reader.isCut) {
    const kind = reader.peek();
    if (kind === 0) {
      reader.raw('End of options', end - reader.at, plainHex);
      return;
    }
    if (kind === 1) {
      reader.raw(
        'No operation',
        1,
        () => '',
        () => 'padding',
      );
      continue;
    }
    if (!reader.has(2, 'an option')) return;
    const bytes = reader.peek(1);
    if (bytes < 2 || reader.at + bytes > end) {
      reader.fault(`option ${kind} says that it has ${bytes} bytes, and ${end - reader.at} are left for options`);
      reader.raw('Options', end - reader.at, plainHex);
      return;
    }
    const word = (part: Uint8Array, at: number) => new DataView(part.buffer, part.byteOffset, part.byteLength).getUint32(at);
    if (kind === 2 && bytes === 4)
      reader.raw(
        'Maximum segment size',
        4,
        (part) => String(((part[2] ?? 0) << 8) | (part[3] ?? 0)),
        () => 'bytes',
      );
    else if (kind === 3 && bytes === 3)
      reader.raw(
        'Window scale',
        3,
        (part) => String(part[2] ?? 0),
        (part) => `times ${2 ** (part[2] ?? 0)}`,
      );
    else if (kind === 4 && bytes === 2) reader.raw('SACK permitted', 2, () => 'yes');
    else if (kind === 8 && bytes === 10)
      reader.raw(
        'Timestamps',
        10,
        (part) => String(word(part, 2)),
        (part) => `echoes ${word(part, 6)}`,
      );
    else if (kind === 5 && (bytes - 2) % 8 === 0)
      reader.raw('SACK', bytes, (part) =>
        Array.from({ length: (bytes - 2) / 8 }, (_, index) => `${word(part, 2 + 8 * index)}–${word(part, 6 + 8 * index)}`).join(', '),
      );
    else reader.raw(`Option ${kind}`, bytes, plainHex);
  }
}

/** A TCP header. */
export function readTcp(frame: FrameBytes, at: number, to: number): ReadLayer {
  const reader = new LayerReader(frame, 'TCP', at, to);
  const source = reader.number('Source port', 2);
  const destination = reader.number('Destination port', 2);
  const sequence = reader.number('Sequence', 4);
  reader.number('Acknowledgement', 4);
  const offset = reader.parts('Data offset', 2, (value) => [
    ['Data offset', String(value >> 12), `${(value >> 12) * 4} bytes of header`],
    ['Flags', `0x${(value & 0xfff).toString(16).padStart(3, '0')}`, flagsOf(value & 0xff)],
  ]);
  const headerBytes = (offset >> 12) * 4;
  if (!reader.isCut && headerBytes < 20) reader.fault(`says that its header has ${headerBytes} bytes, and 20 is the least`);
  reader.number('Window', 2);
  reader.number('Checksum', 2, { isHex: true });
  reader.number('Urgent pointer', 2);
  if (!reader.isCut && headerBytes > 20 && reader.has(headerBytes - 20, 'its options')) readOptions(reader, at + headerBytes);
  const isSound = !reader.isCut && headerBytes >= 20;
  const data = Math.max(0, to - reader.at);
  return {
    layer: reader.done(isSound ? `${source} → ${destination} ${flagsOf(offset & 0xff)}, sequence ${sequence}, ${data} bytes` : ''),
    next: isSound ? { by: 'port', ports: [source, destination] } : null,
    from: reader.at,
    to,
  };
}

/** A UDP header. */
export function readUdp(frame: FrameBytes, at: number, to: number): ReadLayer {
  const reader = new LayerReader(frame, 'UDP', at, to);
  const source = reader.number('Source port', 2);
  const destination = reader.number('Destination port', 2);
  const length = reader.number('Length', 2, { meaning: () => 'bytes, header included' });
  reader.number('Checksum', 2, { isHex: true, meaning: (value) => (value === 0 ? 'none' : '') });
  if (!reader.isCut && length > 0 && length < 8) reader.fault(`says that it has ${length} bytes, and its header has 8`);
  else if (!reader.isCut && at + length > to) reader.fault(`says that it has ${length} bytes, and ${to - at} are there`);
  const isSound = !reader.isCut && (length === 0 || length >= 8);
  return {
    layer: reader.done(reader.isCut ? '' : `${source} → ${destination}, ${Math.max(0, length - 8)} bytes`),
    next: isSound ? { by: 'port', ports: [source, destination] } : null,
    from: reader.at,
    to: isSound && length > 0 ? Math.min(at + length, to) : to,
  };
}
