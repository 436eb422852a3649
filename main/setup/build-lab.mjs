// The lab, built for an application that runs already: one JSON report a line on standard output (main/node/lab/lab-builder.ts reads them).
import { prepareLab } from './prepare.mjs';

const write = (report) => process.stdout.write(`${JSON.stringify(report)}\n`);

try {
  await prepareLab(write);
} catch (error) {
  write({
    state: 'failed',
    message: error.message,
    remedy: error.remedy ?? '',
    output: (error.output ?? '').split('\n').slice(-5).join('\n'),
  });
  process.exitCode = 1;
}
