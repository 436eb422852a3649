// The kernel log as text: wall clock, seconds since boot as dmesg prints them, level, text.
import type { RecordingReader } from '../recording-reader.ts';
import type { ExportRange } from './export-recording.ts';
import { logLines } from './log-records.ts';
import { isoTime } from './tables.ts';

const levels = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'] as const;

/** The file in pieces. */
export async function* logTextOf(reader: RecordingReader, range: ExportRange): AsyncGenerator<string> {
  for await (const line of logLines(reader, range)) {
    if (line.type === 'lost') {
      yield `-- ${line.records} records were overwritten in the kernel before they could be read --\n`;
      continue;
    }
    const { record, bootNs } = line;
    const since = `${record.timeUs / 1_000_000n}.${(record.timeUs % 1_000_000n).toString().padStart(6, '0')}`;
    const time = bootNs === null ? '-' : isoTime(bootNs + record.timeUs * 1000n);
    yield `${time} [${since.padStart(12)}] ${levels[record.level] ?? record.level}: ${record.text.replaceAll('\n', '\n    ')}\n`;
  }
}
