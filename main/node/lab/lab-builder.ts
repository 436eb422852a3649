// Building the lab from within an installed application: a child process runs the steps of driver/lab and tells on its standard output how they go.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { err, ok, type Result } from '#common/result.ts';
import { applicationPackage } from '../application-root.ts';
import { isInstalled } from '../installation.ts';
import type { Reason } from './guest.ts';

const report = z.union([
  z.object({
    state: z.enum(['begin', 'line', 'done']),
    title: z.string(),
    step: z.number().optional(),
    of: z.number().optional(),
    line: z.string().optional(),
  }),
  z.object({ state: z.literal('failed'), message: z.string(), remedy: z.string(), output: z.string() }),
]);

// A compiler says more in a second than anybody reads, and each step goes to every window.
const betweenLinesMs = 200;

/** What a build of the lab needs. */
export interface LabBuildOptions {
  /** The program and its arguments; its standard output is one JSON report a line. */
  readonly command: readonly [string, ...string[]];
  /** Told in words what happens. */
  readonly onStep: (step: string) => void;
  /** Ends the build; what is whole stays. */
  readonly signal: AbortSignal;
}

// Electron's binary is no Node in a package: the fuse that would let it be one is off.
const packagedNode = '/usr/lib/ringscope-node/bin/node';

/** Where an installed application has the lab's sources, and the Node that builds from them. Electron's archive has them beside it, as files. */
export function labBuilderOf(root: string, isElectron: boolean): readonly [string, ...string[]] {
  const script = join(root.endsWith('app.asar') ? dirname(root) : root, 'main/setup/build-lab.mjs');
  if (!isElectron) return [process.execPath, script];
  return [existsSync(packagedNode) ? packagedNode : 'node', script];
}

/** The command that builds the lab of an installed application; null in a checkout, whose commands have built it before they start anything. */
export function labBuildCommand(): readonly [string, ...string[]] | null {
  if (!isInstalled() || process.env.RINGSCOPE_PREPARED) return null;
  return labBuilderOf(applicationPackage().root, process.versions.electron !== undefined);
}

/** Builds what is missing of the lab. The error is what a user should read. */
export function buildLab({ command: [program, ...args], onStep, signal }: LabBuildOptions): Promise<Result<void, Reason>> {
  return new Promise((resolve) => {
    // A process group of its own, so that its compilers end with it.
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    const end = () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    };
    signal.addEventListener('abort', end, { once: true });
    let failure: Reason = {
      title: 'The lab could not be built',
      detail: 'Its build ended without a word.',
      remedy: 'Run `ringscope lab build` in a terminal to see why.',
    };
    const lines = createInterface({ input: child.stdout });
    let lineShownAt = Number.NEGATIVE_INFINITY;
    lines.on('line', (text) => {
      const read = report.safeParse(parsed(text));
      if (!read.success) return;
      if (read.data.state === 'failed') {
        const { message, remedy, output } = read.data;
        failure = {
          title: 'The lab could not be built',
          detail: `${message} ${output}`.trim(),
          remedy: remedy || 'Remove the cause and restart the lab.',
        };
      } else if (read.data.state !== 'done') {
        const { title, step, of, line } = read.data;
        if (line !== undefined) {
          if (performance.now() - lineShownAt < betweenLinesMs) return;
          lineShownAt = performance.now();
        }
        onStep(`${step && of ? `Building the lab, step ${step} of ${of}: ` : ''}${title}${line ? `: ${line.slice(0, 160)}` : ''}`);
      }
    });
    child.once('error', (error) => resolve(err({ ...failure, detail: error.message })));
    child.once('close', (code) => {
      signal.removeEventListener('abort', end);
      resolve(code === 0 ? ok(undefined) : err(failure));
    });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
