// KVM or TCG. The presence of /dev/kvm proves nothing (nested hosts refuse later), so a guest is really started before KVM is believed.
import { spawn } from 'node:child_process';
import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabDescription } from './lab-description.ts';
import { type Accelerator, probeArguments } from './qemu-command.ts';

const probeLimitMs = 5000;

function probe(lab: LabDescription, runtimeDirectory: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn('bwrap', probeArguments(lab, runtimeDirectory), { stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    const finish = (works: boolean) => {
      clearTimeout(limit);
      child.kill('SIGKILL');
      resolve(works);
    };
    const limit = setTimeout(() => finish(false), probeLimitMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('Linux version')) finish(true);
    });
    child.on('error', () => finish(false));
    child.on('exit', () => finish(output.includes('Linux version')));
  });
}

/**
 * The accelerator that works on this machine: `kvm` only if a guest printed its kernel's version under it within five seconds, else `tcg`. The answer is
 * kept in the runtime directory for the machine's current boot.
 */
export async function chooseAccelerator(lab: LabDescription, runtimeDirectory: string): Promise<Accelerator> {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
  } catch {
    return 'tcg';
  }
  const kept = join(runtimeDirectory, 'accelerator');
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  try {
    const [answer, when] = readFileSync(kept, 'utf8').split(' ');
    if (when === boot && (answer === 'kvm' || answer === 'tcg')) return answer;
  } catch {
    // Not probed since this boot.
  }
  const answer = (await probe(lab, runtimeDirectory)) ? 'kvm' : 'tcg';
  writeFileSync(kept, `${answer} ${boot}`);
  return answer;
}
