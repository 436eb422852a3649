// The selftests' guest: a Debian with two or four igb ports, and a shell on a virtio port that is typed at and read from.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { Accelerator } from '../../main/node/lab/qemu-command.ts';

/** What a guest is made of; absolute paths on this machine. */
export interface GuestFiles {
  /** The build root, which has QEMU. */
  readonly root: string;
  readonly kernelImage: string;
  readonly rootImage: string;
  /** A writable folder; the guest's console goes to `console.log` in it. */
  readonly folder: string;
}

/** The guest ended, or did not answer in its time. */
export class GuestLost extends Error {
  override name = 'GuestLost';
}

const bootLimitSeconds = 180;

function port(index: number): string[] {
  return [
    ...['-device', `pcie-root-port,id=root-port-${index},slot=${index},chassis=${index + 1}`],
    ...['-netdev', `hubport,id=network-${index},hubid=${index >> 1}`],
    ...['-device', `igb,id=port-${index},bus=root-port-${index},netdev=network-${index},mac=52:54:00:00:02:0${index + 1}`],
  ];
}

function qemu({ root, kernelImage, folder }: GuestFiles, ports: number, accelerator: Accelerator): string[] {
  return [
    ...['--unshare-pid', '--unshare-net', '--die-with-parent', '--ro-bind', root, '/', '--proc', '/proc', '--dev-bind', '/dev', '/dev'],
    ...['--tmpfs', '/tmp', '--tmpfs', '/mnt', '--ro-bind', dirname(kernelImage), '/mnt/guest', '--bind', folder, '/mnt/run'],
    ...['qemu-system-x86_64', '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-M', 'q35', '-m', '3072', '-smp', '4'],
    ...(accelerator === 'kvm' ? ['-accel', 'kvm', '-cpu', 'host'] : ['-accel', 'tcg,thread=multi', '-cpu', 'max']),
    ...['-kernel', '/mnt/guest/vmlinuz', '-initrd', '/mnt/guest/initramfs.cpio', '-append', 'console=ttyS0 quiet panic=-1 no_timer_check'],
    ...Array.from({ length: ports }, (_, index) => port(index)).flat(),
    ...['-chardev', 'file,id=console,path=/mnt/run/console.log', '-serial', 'chardev:console'],
    ...['-chardev', 'stdio,id=shell,signal=off', '-device', 'virtio-serial'],
    ...['-device', 'virtserialport,chardev=shell,name=org.ringscope.kselftest'],
  ];
}

/** How a command in the guest ended. `code` is null when it was not done within its time. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A booted guest. One command at a time. */
export class SelftestGuest implements AsyncDisposable {
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #exited: Promise<void>;
  readonly consolePath: string;
  #text = '';
  #errorText = '';
  #waiting: (() => void) | null = null;
  #isOver = false;

  private constructor(files: GuestFiles, ports: number, accelerator: Accelerator) {
    this.consolePath = join(files.folder, 'console.log');
    this.#process = spawn('bwrap', qemu(files, ports, accelerator), { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#text += text;
      this.#waiting?.();
    });
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errorText += text;
    });
    this.#process.stdin.on('error', () => undefined);
    this.#exited = new Promise((resolve) => {
      this.#process.once('close', () => {
        this.#isOver = true;
        this.#waiting?.();
        resolve();
      });
    });
  }

  /** Boots a guest and waits until its shell answers. */
  static async boot(files: GuestFiles, ports: number, accelerator: Accelerator): Promise<SelftestGuest> {
    const guest = new SelftestGuest(files, ports, accelerator);
    try {
      const { code, output } = await guest.run('. /opt/ringscope/environment.sh', { limitSeconds: bootLimitSeconds });
      if (code !== 0) throw new GuestLost(`The guest's shell answered ${code}: ${output}`);
      return guest;
    } catch (error) {
      await guest[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Runs a command line in the guest's one shell, standard input empty. Rejects with GuestLost when the guest ends, or says nothing `limitSeconds` long and for ten seconds more. */
  async run(command: string, { limitSeconds = 60 } = {}): Promise<Ended> {
    const marker = `end-${randomBytes(6).toString('hex')}`;
    this.#text = '';
    this.#process.stdin.write(`{ ${command}\n} < /dev/null 2>&1; code=$?; echo; echo "${marker}" $code\n`);
    const end = new RegExp(`\\n${marker} (\\d+)\\n`);
    const limit = Date.now() + limitSeconds * 1000;
    for (;;) {
      const match = end.exec(this.#text);
      if (match) return { code: Number(match[1]), output: this.#text.slice(0, match.index) };
      if (this.#isOver) throw new GuestLost(`The guest ended. ${this.#errorText.trim()}`.trim());
      const left = limit - Date.now();
      if (left <= 0) throw new GuestLost(`The guest did not answer in ${limitSeconds} s.`);
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

  /** What the command that was lost had printed. */
  get unfinishedOutput(): string {
    return this.#text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exited;
  }
}
