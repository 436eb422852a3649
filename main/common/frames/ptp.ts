// The Precision Time Protocol, version 2 (IEEE 1588-2019): over Ethernet, and over UDP ports 319 and 320.
import { type FrameBytes, LayerReader, plainHex, type ReadLayer } from './frame-layer.ts';

const messages: Readonly<Record<number, string>> = {
  0: 'Sync',
  1: 'Delay_Req',
  2: 'Pdelay_Req',
  3: 'Pdelay_Resp',
  8: 'Follow_Up',
  9: 'Delay_Resp',
  10: 'Pdelay_Resp_Follow_Up',
  11: 'Announce',
  12: 'Signaling',
  13: 'Management',
};

/** Whether a UDP port is PTP's. */
export const isPtpPort = (port: number): boolean => port === 319 || port === 320;

function correction(bytes: Uint8Array): string {
  const scaled = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigInt64(0);
  return `${Number(scaled) / 65_536} ns`;
}

/** Seconds (48 bits) and nanoseconds. */
function stamp(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const seconds = view.getUint16(0) * 2 ** 32 + view.getUint32(2);
  return `${seconds}.${String(view.getUint32(6)).padStart(9, '0')} s`;
}

/** A PTP message. */
export function readPtp(frame: FrameBytes, at: number, to: number): ReadLayer {
  const reader = new LayerReader(frame, 'PTP', at, to);
  const first = reader.parts('Message type', 1, (value) => [
    ['majorSdoId', String(value >> 4), ''],
    ['messageType', String(value & 0xf), messages[value & 0xf] ?? 'reserved'],
  ]);
  const second = reader.parts('Version', 1, (value) => [
    ['minorVersionPTP', String(value >> 4), ''],
    ['versionPTP', String(value & 0xf), ''],
  ]);
  if (!reader.isCut && (second & 0xf) !== 2) reader.fault(`is of version ${second & 0xf}, and version 2 is what is read here`);
  const length = reader.number('messageLength', 2, { meaning: () => 'bytes' });
  if (!reader.isCut && length > to - at) reader.fault(`says that it has ${length} bytes, and ${to - at} are there`);
  reader.number('domainNumber', 1);
  reader.number('minorSdoId', 1);
  reader.number('flagField', 2, { isHex: true, meaning: (value) => ((value & 0x200) !== 0 ? 'two-step' : '') });
  reader.raw('correctionField', 8, correction);
  reader.raw('messageTypeSpecific', 4, plainHex);
  const port = reader.raw('sourcePortIdentity', 10, plainHex);
  const sequence = reader.number('sequenceId', 2);
  reader.number('controlField', 1);
  reader.raw('logMessageInterval', 1, (bytes) => String(((bytes[0] ?? 0) << 24) >> 24));
  const type = first & 0xf;
  // All but signalling and management begin with a time stamp.
  if (!reader.isCut && (type < 4 || (type > 7 && type < 12)) && (second & 0xf) === 2) reader.raw('Timestamp', 10, stamp);
  if (!reader.isCut && (type === 3 || type === 9 || type === 10)) reader.raw('requestingPortIdentity', 10, plainHex);
  return {
    layer: reader.done(reader.isCut ? '' : `${messages[type] ?? `type ${type}`}, sequence ${sequence}, from ${port}`),
    next: null,
    from: reader.at,
    to: length > 0 ? Math.min(to, Math.max(reader.at, at + length)) : to,
  };
}
