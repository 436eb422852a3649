// Counters and interrupts as a table: a row a sample, a column a counter or a vector on a CPU.
import type { EventOf } from '#common/protocol.ts';
import type { RecordingReader } from '../recording-reader.ts';
import type { ExportRange } from './export-recording.ts';
import { bootSeconds, isoTime, namedSamples, tablesIn } from './tables.ts';

const pieceRows = 500;

// Names come from the inspected machine: a quote in one must not end the cell, and no spreadsheet shall take one for a formula.
const cell = (text: string): string => {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};

interface Columns {
  readonly counters: string[];
  readonly vectors: string[];
  readonly softirqs: string[];
}

function columnsOf(table: EventOf<'table'>): Columns {
  return {
    counters: table.counters.map(
      ({ interface: name, source, name: counter, unit }) => `${name || 'machine'} ${source} ${counter} (${unit})`,
    ),
    vectors: table.vectors.flatMap(({ irq, name }) => table.cpus.map((cpu) => `irq ${irq} ${name} cpu${cpu}`)),
    softirqs: table.softirqs.flatMap((name) => table.cpus.map((cpu) => `softirq ${name} cpu${cpu}`)),
  };
}

const inOrder = ({ counters, vectors, softirqs }: Columns): string[] => [...counters, ...vectors, ...softirqs];

/** The file in pieces. A column that a sample's table does not have is empty there. */
export async function* csvOf(reader: RecordingReader, range: ExportRange): AsyncGenerator<string> {
  const tables = await tablesIn(reader, range);
  const named = tables.map(({ table }) => columnsOf(table));
  const columns = (['counters', 'vectors', 'softirqs'] as const).flatMap((kind) => [...new Set(named.flatMap((one) => one[kind]))]);
  const place = new Map(columns.map((name, index) => [name, index]));
  const placesOf = new Map<EventOf<'table'>, number[]>();
  yield `${['time', 'boot_time_s', ...columns].map(cell).join(',')}\n`;
  let rows: string[] = [];
  for await (const { sample, table, message } of namedSamples(reader, range, tables)) {
    let places = placesOf.get(table);
    if (!places) {
      places = inOrder(columnsOf(table)).map((name) => place.get(name) ?? 0);
      placesOf.set(table, places);
    }
    const cells = new Array<string>(columns.length).fill('');
    const values = [...sample.counters, ...sample.vectors, ...sample.softirqs];
    places.forEach((at, index) => {
      cells[at] = String(values[index] ?? '');
    });
    rows.push(`${isoTime(message.kernelNs)},${bootSeconds(sample.timeNs)},${cells.join(',')}\n`);
    if (rows.length < pieceRows) continue;
    yield rows.join('');
    rows = [];
  }
  yield rows.join('');
}
