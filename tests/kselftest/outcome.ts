// From what a test file printed to its cases.
import { parseForwarding } from './forwarding-output.ts';
import { parseKtap } from './ktap-output.ts';
import { parseNetdevice } from './netdevice-output.ts';
import { parseSelfTest } from './self-test-output.ts';
import type { Outcome } from './test-case.ts';
import type { OutputFormat } from './test-files.ts';

/** Reads a test file's output in its format. `exitCode` is null when the file was ended for taking too long. */
export function parseOutput(format: OutputFormat, output: string, exitCode: number | null): Outcome {
  switch (format) {
    case 'ktap':
      return parseKtap(output);
    case 'forwarding':
      return parseForwarding(output, exitCode);
    case 'netdevice':
      return parseNetdevice(output);
    case 'self-test':
      return parseSelfTest(output);
  }
}
