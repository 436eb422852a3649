// `ringscope doctor`: whether this machine can build and load the driver, and what to do where it cannot.
import { examine } from '../../doctor/doctor.ts';
import type { Command } from '../command.ts';
import { doctorText } from '../doctor-text.ts';

const somethingFails = 2;

export const doctor: Command = {
  name: 'doctor',
  summary: 'whether this machine can load the driver, and what to do where it cannot',
  description:
    'Looks at kernel, headers, compilers, Secure Boot, cards, and the way to root. Changes nothing and needs no privileges. Each check is `ok`, `warn` or `fail`, with why it matters and the command that mends it.',
  options: { json: { description: 'one JSON document {checks: [{name, state, why, fix}]} on standard output' } },
  exitCodes: { [somethingFails]: 'when a check fails' },
  async run({ switches, print }) {
    const checks = await examine();
    await print(switches.has('json') ? `${JSON.stringify({ checks })}\n` : doctorText(checks));
    return checks.some(({ state }) => state === 'fail') ? somethingFails : 0;
  },
};
