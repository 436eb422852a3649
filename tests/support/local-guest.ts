// A guest that is somebody's machine: a whole Debian in which the application is installed and run by its users, typed at on its serial console.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { chooseAccelerator } from '../../main/node/lab/accelerator.ts';
import type { LabDescription } from '../../main/node/lab/lab-description.ts';

/** What `npm run test:local` prepared. */
export interface LocalGuestFiles {
  readonly lab: LabDescription;
  readonly kernelImage: string;
  readonly initramfs: string;
  readonly rootImage: string;
  /** A folder for what the guest writes to its disk; it goes with the run. */
  readonly folder: string;
}

const bootLimitMs = 120_000;

function port(index: number): string[] {
  return [
    ...['-device', `pcie-root-port,id=root-port-${index},slot=${index},chassis=${index + 1}`],
    ...['-netdev', `hubport,id=network-${index},hubid=0`],
    ...['-device', `igb,id=port-${index},bus=root-port-${index},netdev=network-${index},mac=52:54:00:00:01:0${index + 1}`],
  ];
}

/** A booted guest. Commands run in its root shell, or as one of its users. */
export class LocalGuest implements AsyncDisposable {
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #exited: Promise<void>;
  #text = '';
  #errorText = '';
  #waiting: (() => void) | null = null;
  #count = 0;

  private constructor(args: readonly string[]) {
    this.#process = spawn('bwrap', args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#text += text;
      this.#waiting?.();
    });
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errorText += text;
    });
    this.#process.stdin.on('error', () => undefined);
    this.#exited = new Promise((resolve) => {
      this.#process.once('exit', () => {
        this.#waiting?.();
        resolve();
      });
    });
  }

  /** Boots it and waits for its shell. */
  static async boot({ lab, kernelImage, initramfs, rootImage, folder }: LocalGuestFiles): Promise<LocalGuest> {
    const writable = join(folder, 'writable');
    mkdirSync(writable, { recursive: true });
    const accelerator = await chooseAccelerator(lab, folder);
    const sandbox = [
      ...[
        '--unshare-pid',
        '--unshare-net',
        '--die-with-parent',
        '--ro-bind',
        lab.root,
        '/',
        '--proc',
        '/proc',
        '--dev-bind',
        '/dev',
        '/dev',
      ],
      ...[
        '--tmpfs',
        '/tmp',
        '--tmpfs',
        '/mnt',
        '--ro-bind',
        dirname(kernelImage),
        '/mnt/kernel',
        '--ro-bind',
        dirname(initramfs),
        '/mnt/initramfs',
      ],
      ...['--ro-bind', rootImage, '/mnt/root.ext4', '--bind', writable, '/mnt/writable', '--setenv', 'TMPDIR', '/mnt/writable'],
    ];
    const machine = [
      ...['qemu-system-x86_64', '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-M', 'q35', '-m', '3072', '-smp', '2'],
      ...(accelerator === 'kvm' ? ['-accel', 'kvm', '-cpu', 'host'] : ['-accel', 'tcg,thread=multi', '-cpu', 'max']),
      ...[
        '-kernel',
        '/mnt/kernel/vmlinuz',
        '-initrd',
        '/mnt/initramfs/initramfs.cpio',
        '-append',
        'console=ttyS0 quiet panic=-1 no_timer_check',
      ],
      ...port(0),
      ...port(1),
      // What the guest writes goes to a file that is deleted already.
      ...['-drive', 'file=/mnt/root.ext4,format=raw,if=none,id=disk,snapshot=on', '-device', 'virtio-blk-pci,drive=disk'],
      ...['-serial', 'stdio'],
    ];
    const guest = new LocalGuest([...sandbox, ...machine]);
    await guest.#until(/ringscope-local: ready/, bootLimitMs);
    await guest.run('stty -echo -ixon; PS1=; PS2=');
    return guest;
  }

  /** Runs a command line as root; rejects when it fails, `allowFailure` aside, or takes longer than `limitMs`. */
  async run(command: string, { limitMs = 60_000, allowFailure = false } = {}): Promise<string> {
    const { code, output } = await this.result(command, { limitMs });
    if (code !== 0 && !allowFailure) throw new Error(`In the guest, \`${command}\` ended with ${code}:\n${output}`);
    return output;
  }

  /** Runs a command line as root and tells how it ended. */
  async result(command: string, { limitMs = 60_000 } = {}): Promise<{ code: number; output: string }> {
    const id = ++this.#count;
    this.#text = '';
    // The marker is computed by the shell, so that an echo of the line itself is not taken for it.
    this.#process.stdin.write(`{ ${command}\n} 2>&1; echo "<end $((${id}+1000)) $?>"\n`);
    const [, status] = await this.#until(new RegExp(`<end ${id + 1000} (\\d+)>\\r*\\n`), limitMs);
    return { code: Number(status), output: this.#text.slice(0, this.#text.lastIndexOf('<end')).replaceAll('\r', '') };
  }

  /** Runs a script as a user, with standard output and standard error apart. */
  async as(user: string, script: string, { limitMs = 60_000 } = {}): Promise<{ code: number; stdout: string; stderr: string }> {
    const folder = `/tmp/as-${user}-${++this.#count}`;
    await this.run(`mkdir -p ${folder}; chmod 777 ${folder}; cat > ${folder}/script << 'END-OF-SCRIPT'\n${script}\nEND-OF-SCRIPT`);
    const { code } = await this.result(`su - ${user} -c 'sh ${folder}/script > ${folder}/stdout 2> ${folder}/stderr' < /dev/null`, {
      limitMs,
    });
    return { code, stdout: await this.run(`cat ${folder}/stdout`), stderr: await this.run(`cat ${folder}/stderr`) };
  }

  /** Repeats a test in the guest until it holds; rejects after `limitMs`. */
  async holds(test: string, limitMs = 60_000): Promise<void> {
    await this.run(
      `i=0; until ${test}; do i=$((i+1)); [ $i -lt ${Math.ceil(limitMs / 100)} ] || { echo "never: ${test.replaceAll('"', "'")}"; exit 1; }; sleep 0.1; done`,
      {
        limitMs: limitMs * 3,
      },
    );
  }

  async #until(pattern: RegExp, limitMs: number): Promise<RegExpExecArray> {
    const limit = Date.now() + limitMs;
    for (;;) {
      const match = pattern.exec(this.#text);
      if (match) return match;
      const left = limit - Date.now();
      if (left <= 0 || this.#process.exitCode !== null)
        throw new Error(`The guest did not show ${pattern} in ${limitMs} ms. It shows:\n${this.#text.slice(-4000)}\n${this.#errorText}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#waiting = null;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exited;
  }
}
