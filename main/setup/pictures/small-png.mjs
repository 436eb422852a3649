// Pictures of a window have few colours that matter: with 256 of them a file is a third as large, and nobody sees the difference.
import { crc32, deflateSync } from 'node:zlib';

const most = 256;
const channels = [0, 1, 2];

/** Colours of a picture with how often each occurs, as `[red, green, blue, count]`. */
function coloursOf(data) {
  const counts = new Map();
  for (let at = 0; at < data.length; at += 4) {
    const colour = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return [...counts].map(([colour, count]) => [colour >> 16, (colour >> 8) & 255, colour & 255, count]);
}

const spreadOf = (box, channel) => Math.max(...box.map((colour) => colour[channel])) - Math.min(...box.map((colour) => colour[channel]));

/** Median cut: the box whose colours differ most, for most of the picture, is halved until there are as many boxes as colours. */
function paletteOf(colours) {
  const made = (box) => {
    const spread = channels.map((channel) => spreadOf(box, channel));
    const widest = spread.indexOf(Math.max(...spread));
    const weight = box.reduce((sum, colour) => sum + Math.sqrt(colour[3]), 0);
    return { box, widest, worth: box.length > 1 ? spread[widest] * weight : 0 };
  };
  const boxes = [made(colours)];
  while (boxes.length < most) {
    const next = boxes.reduce((best, one) => (one.worth > best.worth ? one : best));
    if (next.worth === 0) break;
    const sorted = next.box.toSorted((a, b) => a[next.widest] - b[next.widest]);
    const half = sorted.reduce((sum, colour) => sum + Math.sqrt(colour[3]), 0) / 2;
    let cut = 0;
    for (let seen = 0; seen < half; cut += 1) seen += Math.sqrt(sorted[cut][3]);
    cut = Math.min(sorted.length - 1, Math.max(1, cut));
    boxes.splice(boxes.indexOf(next), 1, made(sorted.slice(0, cut)), made(sorted.slice(cut)));
  }
  // Each box is its most frequent colour: large areas keep theirs exactly.
  return boxes.map(({ box }) => box.reduce((best, colour) => (colour[3] > best[3] ? colour : best)));
}

function nearest(palette, [red, green, blue]) {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [at, [r, g, b]] of palette.entries()) {
    const distance = (r - red) ** 2 * 2 + (g - green) ** 2 * 4 + (b - blue) ** 2 * 3;
    if (distance < least) [best, least] = [at, distance];
  }
  return best;
}

function chunk(name, data) {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(data.length);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}

/** The same picture with at most 256 colours, as an indexed PNG. `png` is an opaque PNG file. */
export async function smallPng(png) {
  const { PNG } = await import('pngjs');
  const { width, height, data } = PNG.sync.read(png);
  const colours = coloursOf(data);
  const palette = paletteOf(colours);
  const places = new Map(colours.map((colour) => [(colour[0] << 16) | (colour[1] << 8) | colour[2], nearest(palette, colour)]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      rows[y * (width + 1) + 1 + x] = places.get((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((colour) => colour.slice(0, 3)))),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
