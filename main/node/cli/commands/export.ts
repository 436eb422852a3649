// `ringscope export`: a recording for other programs.
import { exportFormat } from '#common/protocol/recording.ts';
import { exportRecording } from '../../recording/export/export-recording.ts';
import { type Command, numberOption, UsageError } from '../command.ts';
import { recordingPath } from '../recording-path.ts';

const longestSeconds = 365 * 24 * 3600;
const formats = exportFormat.options.join(', ');

export const exportCommand: Command = {
  name: 'export',
  summary: 'a recording, or a part of it, for other programs',
  description:
    'csv holds counters and interrupts, a row a sample; json holds everything; log is the kernel log as text; perfetto is a trace for Perfetto’s UI with counters, interrupts, ring snapshots and the log. Times count in seconds from the recording’s start. A recording holds no frame payload so far, so pcapng is refused.',
  positionals: 'FILE',
  offers: 'files',
  options: {
    format: { argument: 'FORMAT', offers: exportFormat.options, description: `one of ${formats}` },
    from: { argument: 'SECONDS', default: '0', description: 'where to begin' },
    to: { argument: 'SECONDS', description: 'where to end (default: its end)' },
    output: { argument: 'FILE', offers: 'files', description: 'the file to make (default: beside this shell, named after the recording)' },
    json: { description: 'one JSON document on standard output: path, bytes, remark' },
  },
  async run({ options, switches, positionals, print }) {
    const format = exportFormat.safeParse(options.format);
    if (!format.success) throw new UsageError(`--format takes one of ${formats}${options.format ? `, not "${options.format}"` : ''}`);
    const path = recordingPath(positionals);
    const toMs = options.to === undefined ? null : numberOption('to', options.to, 0, longestSeconds) * 1000;
    const fromMs = numberOption('from', options.from, 0, longestSeconds) * 1000;
    const output = options.output === undefined ? {} : { output: options.output };
    const done = await exportRecording({ path, format: format.data, fromMs, toMs, folder: process.cwd(), ...output });
    if (!done.ok) throw new Error(done.error);
    const { bytes, remark } = done.value;
    await print(
      switches.has('json') ? `${JSON.stringify(done.value)}\n` : `${done.value.path}  ${bytes} bytes\n${remark ? `${remark}\n` : ''}`,
    );
    return 0;
  },
};
