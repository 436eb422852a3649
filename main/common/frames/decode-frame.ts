// A frame as layers, from Ethernet inwards. Whatever the bytes are, it ends in layers that say what is wrong with them, and never throws.
import { readArp, readEthernet, readVlan } from './ethernet.ts';
import type { FrameBytes, FrameLayer, Next, ReadLayer } from './frame-layer.ts';
import { isExtension, readExtension, readIcmp, readIpv4, readIpv6 } from './internet.ts';
import { isPtpPort, readPtp } from './ptp.ts';
import { readTcp, readUdp } from './transport.ts';

// A frame has room for more tags and headers than anybody sends; a chain of them that does not end is no frame.
const mostLayers = 16;

function readNext(frame: FrameBytes, next: Next, from: number, to: number): ReadLayer | null {
  if (next === null) return null;
  if (next.by === 'etherType') {
    switch (next.type) {
      case 0x8100:
      case 0x88a8:
      case 0x9100:
        return readVlan(frame, from, to);
      case 0x0800:
        return readIpv4(frame, from, to);
      case 0x86dd:
        return readIpv6(frame, from, to);
      case 0x0806:
        return readArp(frame, from, to);
      case 0x88f7:
        return readPtp(frame, from, to);
      default:
        return null;
    }
  }
  if (next.by === 'port') return next.ports.some(isPtpPort) && from < to ? readPtp(frame, from, to) : null;
  const { protocol, version } = next;
  if (protocol === 6) return readTcp(frame, from, to);
  if (protocol === 17) return readUdp(frame, from, to);
  if (protocol === 4) return readIpv4(frame, from, to);
  if (protocol === 41) return readIpv6(frame, from, to);
  if (protocol === (version === 4 ? 1 : 58)) return readIcmp(frame, from, to, version);
  return version === 6 && isExtension(protocol) ? readExtension(frame, from, to, protocol) : null;
}

const rest = (name: string, at: number, bytes: number, fault: string | null = null): FrameLayer => ({
  name,
  at,
  bytes,
  fields: [],
  summary: `${bytes} bytes`,
  fault,
});

/**
 * The layers of a frame of `whole` bytes, of which `bytes` are there. What no layer reads is a last layer `Data`; what stands behind the end that the layers say
 * (padding of a short frame, or older bytes of a buffer) is `Behind the end`.
 */
export function decodeFrame(frame: FrameBytes): readonly FrameLayer[] {
  const known = { bytes: frame.bytes, whole: Math.max(frame.whole, frame.bytes.length) };
  const layers: FrameLayer[] = [];
  let read: ReadLayer | null = readEthernet(known);
  let from = 0;
  let to = known.whole;
  while (read !== null && layers.length < mostLayers) {
    layers.push(read.layer);
    from = read.from;
    to = read.to;
    read = readNext(known, read.next, from, to);
  }
  const isCut = layers.at(-1)?.fault?.startsWith('cut off') ?? false;
  const here = Math.min(to, known.bytes.length);
  if (!isCut && to > from) {
    const missing = to - Math.max(here, from);
    const fault = missing > 0 ? `the last ${missing} of them are not here` : null;
    layers.push(rest('Data', from, to - from, fault));
  }
  const behind = known.bytes.length - Math.max(to, from);
  if (!isCut && behind > 0) layers.push(rest('Behind the end', Math.max(to, from), behind));
  return layers;
}
