// One test file on one driver: the drivers loaded anew, the surroundings made, the file run, the kernel's log taken.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { GuestLost, type SelftestGuest } from './guest.ts';
import type { Driver, RunFacts } from './results.ts';
import type { TestFile } from './test-files.ts';

/** A run's facts without its key, and what is kept beside them. */
export interface FileRun {
  readonly facts: Omit<RunFacts, 'key'>;
  readonly output: string;
  readonly kernelLog: string;
  /** Whether the guest can be used for another file. */
  readonly isGuestUsable: boolean;
}

/** coreutils' timeout: the command was ended for its time, or killed after it. */
const timeoutCodes: readonly number[] = [124, 137];

function commandOf(file: TestFile): string {
  const variables = Object.entries(file.variables ?? {}).map(([name, value]) => `${name}=${value}`);
  const limited = ['env', ...variables, 'timeout', '--kill-after=20', String(file.limitSeconds)];
  if (file.format === 'self-test') return [...limited, file.name].join(' ');
  const program = `./${file.name.slice(dirname(file.name).length + 1)}`;
  return `(cd /opt/selftests/${dirname(file.name)} && exec ${[...limited, program].join(' ')})`;
}

function surroundingsOf(file: TestFile): readonly string[] {
  switch (file.surroundings) {
    case 'pair':
      return ['pair_in_namespace'];
    case 'partner':
      return ['partner_in_namespace'];
    case 'forwarding':
      return [`ports_for_forwarding ${file.ports}`];
  }
}

/** Runs a file. Whatever goes wrong is part of the answer. */
export async function runFile(guest: SelftestGuest, driver: Driver, file: TestFile): Promise<FileRun> {
  const begun = Date.now();
  const answer = (part: Partial<FileRun['facts']>, output: string, kernelLog: string, isGuestUsable: boolean): FileRun => ({
    facts: { exitCode: null, problem: null, seconds: Math.round((Date.now() - begun) / 1000), endedAt: new Date().toISOString(), ...part },
    output,
    kernelLog,
    isGuestUsable,
  });
  try {
    const preparations = [
      `load_drivers ${driver} ${file.ports} ${file.underTest.join(' ')}`,
      ...surroundingsOf(file),
      ...(file.before === undefined ? [] : [file.before]),
    ];
    for (const preparation of preparations) {
      const { code, output } = await guest.run(preparation, { limitSeconds: 180 });
      if (code === 0) continue;
      const kernelLog = await guest.run('dmesg');
      return answer({ problem: `\`${preparation}\` failed: ${output.trim().split('\n').at(-1)}` }, output, kernelLog.output, false);
    }
    const { code, output } = await guest.run(commandOf(file), { limitSeconds: file.limitSeconds + 60 });
    const kernelLog = await guest.run('dmesg');
    const isTooLong = code === null || timeoutCodes.includes(code);
    const problem = isTooLong ? `it was ended after ${file.limitSeconds} s` : null;
    // What a file's own preparation changed is not for the next file.
    const isGuestUsable = !isTooLong && file.before === undefined;
    return answer({ exitCode: isTooLong ? null : code, problem }, output, kernelLog.output, isGuestUsable);
  } catch (error) {
    if (!(error instanceof GuestLost)) throw error;
    return answer({ problem: error.message }, guest.unfinishedOutput, readFileSync(guest.consolePath, 'utf8'), false);
  }
}
