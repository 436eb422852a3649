// Starts the application's main process for a benchmark, and is the agent that it hears.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import type { WireAgent } from '../../../support/wire-agent.ts';
import type { Figures, Painted, Question } from './figures.ts';

const checkout = join(import.meta.dirname, '../../../..');

/** Bundles the main process as the build does: with what npm installed left out. It must lie within the checkout to find that. */
async function bundle(): Promise<string> {
  const outDir = join(checkout, 'out/bench');
  await build({
    configFile: false,
    logLevel: 'error',
    root: checkout,
    build: {
      outDir,
      ssr: join(import.meta.dirname, 'main-process.ts'),
      target: 'node20',
      rollupOptions: { output: { entryFileNames: 'main-process.js' } },
    },
  });
  return join(outDir, 'main-process.js');
}

/** A main process of its own, with an agent that a benchmark speaks through. */
export class MainHost implements AsyncDisposable {
  readonly agent: WireAgent;
  /** Opens one page. */
  readonly address: string;
  /** Frames of each stream that the page has painted. */
  readonly painted = new Map<number, number>();
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #folder: string;
  readonly #server: Server;
  #answered: (figures: Figures) => void = () => undefined;
  #onPainted: () => void = () => undefined;

  private constructor(agent: WireAgent, address: string, child: ChildProcess, ended: Promise<void>, folder: string, server: Server) {
    this.agent = agent;
    this.address = address;
    this.#child = child;
    this.#ended = ended;
    this.#folder = folder;
    this.#server = server;
    child.on('message', (message: Figures | Painted) => {
      if (message.type === 'figures') return this.#answered(message);
      this.painted.set(message.stream, message.frames);
      this.#onPainted();
    });
  }

  /** Serves `out/renderer` from a fresh process. The agent has to answer hello with its events. */
  static async start(agent: WireAgent): Promise<MainHost> {
    const program = await bundle();
    const folder = mkdtempSync(join(tmpdir(), 'ringscope-bench-'));
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      agent.pipe.pipe(socket).pipe(agent.pipe);
    });
    const path = join(folder, 'agent.sock');
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const child = fork(program, [path, join(checkout, 'out/renderer')], {
      execArgv: ['--expose-gc'],
      env: { ...process.env, XDG_RUNTIME_DIR: folder, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const address = await new Promise<string>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`The main process ended with ${code} before it said its address.`)));
      if (child.stdout)
        createInterface({ input: child.stdout }).on('line', (line) => {
          const found = /^Ringscope: (http:\S+)$/.exec(line)?.[1];
          if (found) resolve(found);
        });
    });
    return new MainHost(agent, address, child, ended, folder, server);
  }

  /** Asks the process about itself. */
  ask(type: Question['type']): Promise<Figures> {
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#child.send({ type } satisfies Question);
    });
  }

  /** Resolves with `true` once the page has painted so many frames of a stream, with `false` when it has painted nothing more for `patienceMs`. */
  async untilPainted(stream: number, frames: number, patienceMs: number): Promise<boolean> {
    while ((this.painted.get(stream) ?? 0) < frames) {
      const before = this.painted.get(stream);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patienceMs);
        this.#onPainted = () => {
          if (this.painted.get(stream) === before) return;
          clearTimeout(timer);
          resolve();
        };
      });
      if (this.painted.get(stream) === before) return false;
    }
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGTERM');
    await this.#ended;
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
