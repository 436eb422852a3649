// One frame as a pcap file, which Wireshark and tcpdump open.

const headerBytes = 24;
const recordBytes = 16;
const nanosecondMagic = 0xa1b23c4d;
const ethernetLink = 1;

/** The file: `bytes` are there of a frame of `whole` bytes; `timeNs` is the time it is given. */
export function pcapFile(bytes: Uint8Array, whole: number, timeNs: bigint): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(headerBytes + recordBytes + bytes.length);
  const view = new DataView(file.buffer);
  view.setUint32(0, nanosecondMagic, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, 262_144, true);
  view.setUint32(20, ethernetLink, true);
  view.setUint32(24, Number((timeNs / 1_000_000_000n) & 0xffff_ffffn), true);
  view.setUint32(28, Number(timeNs % 1_000_000_000n), true);
  view.setUint32(32, bytes.length, true);
  view.setUint32(36, Math.max(whole, bytes.length), true);
  file.set(bytes, headerBytes + recordBytes);
  return file;
}
