// Exports of a recording that was made in the lab, each read back by something that did not write it.
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { streams } from '#common/frame.ts';
import { readSample } from '#common/layouts/sample.ts';
import type { ExportFormat } from '#common/protocol/recording.ts';
import { exportRecording } from '../../../main/node/recording/export/export-recording.ts';
import { RecordingReader } from '../../../main/node/recording/recording-reader.ts';
import { decodeProtobuf, type ProtobufField } from '../../support/decode-protobuf.ts';

let folder = '';
let path = '';
let reader: RecordingReader;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringscope-export-'));
  path = join(folder, 'lab.mcap');
  copyFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'recording', 'lab.mcap'), path);
  const opened = await RecordingReader.open(path);
  if (!opened.ok) throw new Error(opened.error);
  reader = opened.value;
});
afterAll(async () => {
  await reader.close();
  rmSync(folder, { recursive: true, force: true });
});

async function exported(format: ExportFormat, fromMs = 0, toMs: number | null = null): Promise<Buffer> {
  const done = await exportRecording({ path, format, fromMs, toMs, folder });
  if (!done.ok) throw new Error(done.error);
  const bytes = readFileSync(done.value.path);
  expect(bytes.length).toBe(done.value.bytes);
  return bytes;
}

/** Cells of one line, by the rules of RFC 4180. */
function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

test('CSV has a header, a row a sample, ISO and boot times, and the newest counters are the recorded ones', async () => {
  const lines = (await exported('csv')).toString().trimEnd().split('\n');
  const header = cells(lines[0] ?? '');
  expect(header.slice(0, 2)).toEqual(['time', 'boot_time_s']);
  expect(new Set(header).size).toBe(header.length);
  expect(lines.length - 1).toBe(250);
  const last = cells(lines.at(-1) ?? '');
  expect(last.length).toBe(header.length);
  expect(last[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
  const newest = await reader.newest(streams.sample, reader.endNs);
  const sample = newest && readSample(newest.payload);
  if (!sample?.ok) throw new Error('There is no sample.');
  expect(last[1]).toBe((Number(sample.value.timeNs) / 1e9).toFixed(9));
  const received = header.findIndex((name) => name.includes('network_stats RX packets'));
  expect(Number(last[received])).toBeGreaterThan(40_000);
  expect(sample.value.counters).toContain(BigInt(last[received] ?? -1));
});

test('JSON is one document with everything that the recording holds', async () => {
  const document = JSON.parse((await exported('json')).toString()) as Record<string, unknown[]> & { recording: { metadata: object } };
  expect(document.recording.metadata).toMatchObject({ 'ringscope.target': { driver: 'rigb' } });
  expect(document.samples?.length).toBe(250);
  expect(document.rings?.length).toBe(250);
  expect(document.vectors?.length).toBe(125);
  expect(document.rings?.at(-2)).toMatchObject({
    device: '0000:01:00.0',
    kind: 'rx',
    descriptorCount: 256,
    descriptors: expect.stringMatching(/^[0-9a-f]{8192}$/),
  });
});

test('the log is text with wall clock and boot time, each record once', async () => {
  const lines = (await exported('log')).toString().trimEnd().split('\n');
  expect(lines.some((line) => /Z \[ +\d+\.\d{6}\] info: rigb 0000:01:00\.0: link up, 1000 Mb\/s full duplex$/.test(line))).toBe(true);
  expect(new Set(lines).size).toBe(lines.length);
  // The kernel's own order, which is that of its numbers and not always of its times.
  expect(lines.length).toBe(451);
});

test('a stretch holds what was recorded in it', async () => {
  const rows = (await exported('csv', 20_000, 25_000)).toString().trimEnd().split('\n').slice(1);
  expect(rows.length).toBeGreaterThan(45);
  expect(rows.length).toBeLessThan(55);
  const all = (await exported('csv')).toString();
  for (const row of rows) expect(all).toContain(row.split(',').slice(0, 2).join(','));
  expect(await exportRecording({ path, format: 'csv', fromMs: 9000, toMs: 8000, folder })).toMatchObject({ ok: false });
});

test('pcapng is refused in a sentence: nothing captured payload', async () => {
  expect(await exportRecording({ path, format: 'pcapng', fromMs: 0, toMs: null, folder })).toMatchObject({
    ok: false,
    error: expect.stringMatching(/^This recording holds no frame payload/),
  });
});

test('an export that cannot be written says so and leaves nothing half made', async () => {
  const output = join(folder, 'none', 'x.csv');
  expect(await exportRecording({ path, format: 'csv', fromMs: 0, toMs: null, folder, output })).toMatchObject({
    ok: false,
    error: expect.stringContaining(`${output} cannot be written`),
  });
});

// Field numbers as in Perfetto's trace_packet.proto, track_descriptor.proto, track_event.proto and counter_descriptor.proto.
const one = (fields: readonly ProtobufField[], number: number) => fields.find((field) => field.number === number);
const texts = (fields: readonly ProtobufField[], number: number) => Buffer.from(one(fields, number)?.bytes ?? []).toString();
const inside = (fields: readonly ProtobufField[], number: number) => decodeProtobuf(one(fields, number)?.bytes ?? new Uint8Array(0));

test('the Perfetto trace declares its tracks before it uses them, and its counters are the recorded ones', async () => {
  const packets = decodeProtobuf(await exported('perfetto')).map(({ number, bytes }) => {
    expect(number).toBe(1);
    return decodeProtobuf(bytes ?? new Uint8Array(0));
  });
  const names = new Map<bigint, string>();
  const parents = new Map<bigint, bigint | undefined>();
  const counters = new Map<string, bigint[]>();
  const kinds = new Map<bigint, number>();
  let openSlices = 0;
  for (const packet of packets) {
    expect(one(packet, 10)?.value).toBe(1n);
    if (one(packet, 60)) {
      const descriptor = inside(packet, 60);
      const uuid = one(descriptor, 1)?.value ?? -1n;
      expect(names.has(uuid)).toBe(false);
      names.set(uuid, texts(descriptor, 2));
      parents.set(uuid, one(descriptor, 5)?.value);
    }
    if (!one(packet, 11)) continue;
    expect(one(packet, 8)?.value).toBeGreaterThanOrEqual(0n);
    const event = inside(packet, 11);
    const type = one(event, 9)?.value ?? -1n;
    kinds.set(type, (kinds.get(type) ?? 0) + 1);
    const name = names.get(one(event, 11)?.value ?? -1n);
    expect(name).toBeDefined();
    if (type === 1n) openSlices += 1;
    if (type === 2n) openSlices -= 1;
    if (type === 4n) counters.set(name ?? '', [...(counters.get(name ?? '') ?? []), one(event, 30)?.value ?? -1n]);
  }
  for (const parent of parents.values()) if (parent !== undefined) expect(names.has(parent)).toBe(true);
  expect([...names.values()]).toEqual(expect.arrayContaining(['Counters', 'Interrupts', 'Rings', 'Kernel log', 'rx 0', 'tx 0']));
  // Every snapshot of a ring is a slice that ends; interrupts and log lines are instants.
  expect(kinds.get(1n)).toBe(250);
  expect(openSlices).toBe(0);
  expect(kinds.get(3n)).toBeGreaterThan(451);
  const received = counters.get('RX packets') ?? [];
  expect(received).toEqual([...received].sort((a, b) => Number(a - b)));
  expect(Number(received.at(-1))).toBeGreaterThan(40_000);
  const hardware = counters.get('rx 0 hardware') ?? [];
  expect(Math.max(...hardware.map(Number))).toBeLessThanOrEqual(256);
  // One packet says how boot time stands to the wall clock.
  const clocks = packets
    .filter((packet) => one(packet, 6))
    .map((packet) => inside(packet, 6).map(({ bytes }) => decodeProtobuf(bytes ?? new Uint8Array(0))));
  expect(clocks.length).toBe(1);
  const realtime = clocks[0]?.find((clock) => one(clock, 1)?.value === 1n);
  expect(Math.abs(Number(one(realtime ?? [], 2)?.value ?? 0n) / 1e9 - Number(reader.startNs) / 1e9)).toBeLessThan(60);
});
