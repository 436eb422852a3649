// A trace for Perfetto's UI: counters, interrupts, snapshots of the rings and the kernel log, each on its track, on the kernel's own clock.
import { streams } from '#common/frame.ts';
import { type RingSnapshot, readRingSnapshot } from '#common/layouts/snapshot.ts';
import { rigbRings } from '#common/rings/rigb.ts';
import type { RecordingReader } from '../recording-reader.ts';
import type { ExportRange } from './export-recording.ts';
import { logLines } from './log-records.ts';
import { PerfettoTracks, units } from './perfetto-tracks.ts';
import { type NamedRow, namedSamples, tablesIn } from './tables.ts';

const piecePackets = 2000;
const unitOf = { packets: units.count, bytes: units.bytes, count: units.count, nanoseconds: units.nanoseconds } as const;

/** The file in pieces. */
export async function* perfettoOf(reader: RecordingReader, range: ExportRange): AsyncGenerator<Uint8Array> {
  const tracks = new PerfettoTracks();
  let hasClock = false;
  const interrupts = new Map<string, bigint>();
  const tables = await tablesIn(reader, range);
  for await (const row of namedSamples(reader, range, tables)) {
    if (!hasClock) tracks.clock(row.sample.timeNs, row.message.kernelNs);
    hasClock = true;
    counters(tracks, row);
    vectors(tracks, row, interrupts);
    if (tracks.count > piecePackets) yield tracks.take();
  }
  for await (const { payload } of reader.between(streams.ring, range.fromNs, range.toNs)) {
    const ring = readRingSnapshot(payload);
    if (ring.ok) snapshot(tracks, ring.value);
    if (tracks.count > piecePackets) yield tracks.take();
  }
  const log = tracks.track('Kernel log');
  for await (const line of logLines(reader, range)) {
    if (line.type === 'record') tracks.instant(log, line.record.timeUs * 1000n, line.record.text, { level: line.record.level });
    if (tracks.count > piecePackets) yield tracks.take();
  }
  yield tracks.take();
}

function counters(tracks: PerfettoTracks, { sample, table }: NamedRow): void {
  table.counters.forEach(({ interface: name, source, name: counter, unit }, index) => {
    const track = tracks.counterTrack(unitOf[unit], 'Counters', `${name || 'machine'} (${source})`, counter);
    tracks.counter(track, sample.timeNs, sample.counters[index] ?? 0n);
  });
}

/** The total of each vector as a counter, and an event in each sample in which it rose. */
function vectors(tracks: PerfettoTracks, { sample, table }: NamedRow, before: Map<string, bigint>): void {
  table.vectors.forEach(({ irq, name, device }, row) => {
    if (device === null) return;
    let total = 0n;
    for (let cpu = 0; cpu < sample.cpuCount; cpu += 1) total += sample.vectors[row * sample.cpuCount + cpu] ?? 0n;
    const label = `irq ${irq} ${name}`;
    const last = before.get(label);
    before.set(label, total);
    tracks.counter(tracks.counterTrack(units.count, 'Interrupts', `${label} total`), sample.timeNs, total);
    if (last !== undefined && total > last)
      tracks.instant(tracks.track('Interrupts', label), sample.timeNs, name, { interrupts: total - last, total });
  });
}

/** The copy of a ring as a slice as long as the copy took, and who owned how many descriptors. */
function snapshot(tracks: PerfettoTracks, ring: RingSnapshot): void {
  const label = `${ring.kind} ${ring.index}`;
  const { head, tail, nextToUse, nextToClean } = ring.after;
  const owned = { hardware: 0, done: 0, free: 0, error: 0 };
  for (let index = 0; index < ring.descriptorCount; index += 1) owned[rigbRings.state(ring, index)] += 1;
  const track = tracks.track('Rings', ring.device, label);
  tracks.slice(track, ring.timeBeforeNs, ring.timeAfterNs, `snapshot ${label}`, { head, tail, nextToUse, nextToClean, ...owned });
  for (const [state, count] of Object.entries(owned))
    tracks.counter(tracks.counterTrack(units.count, 'Rings', ring.device, `${label} ${state}`), ring.timeAfterNs, count);
}
