// The bench guest: boots with a plan, tells what it found line by line, and powers off. One vCPU under -icount: the guest's nanoseconds are its instructions, so that
// neither the machine nor its load enters a number.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { withModule } from '../../../driver/lab/bench-guest.mjs';
import { insideRoot } from '../../../driver/lab/run.mjs';

export type Driver = 'igb' | 'rigb';

/** One line of a plan: a function of driver/lab/bench-guest/image/bench/measurements.sh, and the driver of port 0. */
export interface Step {
  readonly measurement: string;
  readonly driver: Driver;
}

/** Instructions executed between two marks. */
export interface Section {
  readonly kernel: number;
  readonly user: number;
}

/** What one step found: its values by name, its counted sections in order, the first line of what went wrong. */
export interface Found extends Step {
  readonly values: ReadonlyMap<string, number>;
  readonly sections: readonly Section[];
  readonly failure: string | null;
  /** With `profile`: the modules' symbols as /proc/kallsyms listed them. */
  readonly symbols: readonly string[];
}

/** Instructions executed by address, one map a section. */
export type Profile = readonly ReadonlyMap<bigint, number>[];

export interface GuestFiles {
  readonly root: string;
  /** The folder that `benchImage` made. */
  readonly bench: string;
  /** `rigb.ko`. */
  readonly module: string;
}

interface Options {
  readonly profile?: boolean;
  /** Gets the lines of /proc/kallsyms that are no module's, at the end of the plan. */
  readonly onKernelSymbol?: (line: string) => void;
  readonly onFound?: (found: Found) => void;
}

function machine(files: GuestFiles, folder: string, profile: boolean): string[] {
  const port = (index: number) => [
    ...['-device', `pcie-root-port,id=root-port-${index},slot=${index},chassis=${index + 1}`],
    ...['-netdev', `hubport,id=network-${index},hubid=0`],
    ...['-device', `igb,id=port-${index},bus=root-port-${index},netdev=network-${index},mac=52:54:00:00:00:0${index + 1}`],
  ];
  const counter = ['file=/mnt/bench/count.so', 'counts=/mnt/run/counts', ...(profile ? ['profile=/mnt/run/profile'] : [])].join(',');
  return [
    ...insideRoot(files.root, { read: { '/mnt/bench': files.bench }, write: { '/mnt/run': folder } }),
    'qemu-system-x86_64',
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-M', 'q35', '-m', '512', '-smp', '1'],
    ...['-accel', 'tcg', '-cpu', 'max', '-icount', 'shift=0,sleep=off', '-plugin', counter],
    ...['-kernel', '/mnt/bench/vmlinuz', '-initrd', '/mnt/run/initramfs.cpio'],
    // The time stamp counter is exact here, and reading it does not leave the processor. The kernel's addresses are the same in every run.
    ...['-append', 'console=ttyS0 panic=-1 quiet tsc=reliable nokaslr'],
    ...port(0),
    ...port(1),
    ...['-chardev', 'file,id=console,path=/mnt/run/console', '-serial', 'chardev:console'],
    ...['-chardev', 'stdio,id=findings,signal=off', '-device', 'virtio-serial'],
    ...['-device', 'virtserialport,chardev=findings,name=org.ringscope.bench'],
  ];
}

function sections(folder: string): Section[] {
  const path = join(folder, 'counts');
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [kernel = Number.NaN, user = Number.NaN] = line.split(' ').map(Number);
      return { kernel, user };
    });
}

function histogram(path: string): Map<bigint, number> {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [address = '', count] = line.split(' ');
      return [BigInt(`0x${address}`), Number(count)];
    }),
  );
}

/** Runs a plan in a fresh guest. Rejects when the guest does not reach the plan's end; a step that fails says so in its `failure`. */
export async function runGuest(
  files: GuestFiles,
  plan: readonly Step[],
  { profile = false, onFound, onKernelSymbol }: Options = {},
): Promise<{ found: Found[]; profile: Profile }> {
  const folder = mkdtempSync(join(tmpdir(), 'ringscope-bench-'));
  try {
    const over = join(folder, 'files');
    mkdirSync(join(over, 'bench'), { recursive: true });
    writeFileSync(join(over, 'bench/plan'), plan.map(({ measurement, driver }) => `${measurement} ${driver}\n`).join(''));
    if (profile) writeFileSync(join(over, 'bench/want-symbols'), '');
    if (onKernelSymbol) writeFileSync(join(over, 'bench/want-kernel-symbols'), '');
    await withModule({ ...files, files: over, folder });
    const found: Found[] = [];
    let lines: string[] = [];
    let whole = false;
    // Its standard input stays open: at the end of it QEMU closes the guest's pipe.
    const child = spawn('bwrap', machine(files, folder, profile), { stdio: ['pipe', 'pipe', 'pipe'] });
    let errorText = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errorText = (errorText + text).slice(-4000);
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'done') whole = true;
      else if (line === 'end') {
        const step = understand(lines, sections(folder).slice(found.flatMap((one) => one.sections).length));
        found.push(step);
        onFound?.(step);
        lines = [];
      } else if (/^[0-9a-f]{16} /.test(line)) onKernelSymbol?.(line);
      else lines.push(line);
    });
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', () => resolve());
    });
    if (!whole) {
      const consoleText = existsSync(join(folder, 'console')) ? readFileSync(join(folder, 'console'), 'utf8').slice(-3000) : '';
      throw new Error(`The bench guest did not reach the end of its plan. ${errorText}\n${consoleText}`);
    }
    const profiles = readdirSync(folder).filter((name) => name.startsWith('profile.'));
    return { found, profile: profiles.map((_, index) => histogram(join(folder, `profile.${index}`))) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function understand(lines: readonly string[], counted: Section[]): Found {
  const [, measurement = '', driver] = lines[0]?.split(' ') ?? [];
  const values = new Map<string, number>();
  const complaints: string[] = [];
  const symbols: string[] = [];
  for (const line of lines.slice(1)) {
    const [kind, ...words] = line.split(' ');
    if (kind === 'value') values.set(words[0] ?? '', Number(words[1]));
    else if (kind === 'symbol') symbols.push(line.slice('symbol '.length));
    else complaints.push(words.join(' '));
  }
  // What is written to standard error is no failure by itself; what the kernel complains of is.
  const status = values.get('status');
  const kernel = lines.find((line) => line.startsWith('complaint '));
  const failure = kernel ? kernel.slice('complaint '.length) : status === 0 ? null : `status ${status}: ${complaints.join('; ')}`;
  return { measurement, driver: driver === 'rigb' ? 'rigb' : 'igb', values, sections: counted, failure, symbols };
}
