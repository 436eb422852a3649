// What the checks read of a machine: files below one root folder, so that a test can build a machine of its own, and the answers of programs.
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { release } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { isInstalled } from '../installation.ts';
import { type ElevationFacts, elevationFacts } from '../local/elevation.ts';
import { type AgentPlace, agentName, hasModule, installationPlaces, locateAgent } from '../local/installation.ts';
import { findModuleTree, type ModuleTree } from '../local/module-tree.ts';
import { ask } from '../local/programs.ts';

/** One machine. Reading never throws: what is not there, or may not be read, is null. */
export interface MachineFacts {
  /** `uname -r`. */
  readonly kernelRelease: string;
  /** How our command line is called here. */
  readonly commandLine: string;
  readonly elevation: ElevationFacts;
  /** The agent's path, or a sentence that says why there is none. */
  readonly agent: { readonly path: string | null; readonly hasModule: boolean; readonly problem: string };
  /** The tree against which a module would be built, or why there is none. */
  readonly tree: { readonly found: ModuleTree | null; readonly problem: string };
  exists(path: string): boolean;
  read(path: string): string | null;
  readBytes(path: string): Buffer | null;
  /** Names in a folder, sorted; null when it cannot be listed. */
  list(path: string): readonly string[] | null;
  /** The last part of where a link leads. */
  linkName(path: string): string | null;
  /** What a program printed, or null when it is not there or failed. */
  ask(program: string, args: readonly string[]): Promise<string | null>;
}

/** File access below `root`. */
export function filesBelow(root: string): Pick<MachineFacts, 'exists' | 'read' | 'readBytes' | 'list' | 'linkName'> {
  const tried = <T>(work: () => T): T | null => {
    try {
      return work();
    } catch {
      return null;
    }
  };
  const readBytes = (path: string) => tried(() => readFileSync(join(root, path)));
  return {
    exists: (path) => existsSync(join(root, path)),
    readBytes,
    read: (path) => readBytes(path)?.toString('utf8') ?? null,
    list: (path) => tried(() => readdirSync(join(root, path)).sort()),
    linkName: (path) => tried(() => basename(readlinkSync(join(root, path)))),
  };
}

/** The agent's place as it is now: before the first start there is only what it will be copied from. */
function startedFrom({ source, folder }: AgentPlace): string {
  const path = join(folder, agentName);
  return existsSync(path) ? path : source;
}

/** This machine. */
export function machineFacts(): MachineFacts {
  const agent = locateAgent(installationPlaces());
  const tree = findModuleTree();
  return {
    ...filesBelow('/'),
    kernelRelease: release(),
    commandLine: isInstalled() ? 'ringscope' : 'npm run --silent ringscope --',
    elevation: elevationFacts(),
    agent: agent.ok
      ? { path: startedFrom(agent.value), hasModule: hasModule(agent.value.folder), problem: '' }
      : { path: null, hasModule: false, problem: agent.error },
    tree: tree.ok ? { found: tree.value, problem: '' } : { found: null, problem: tree.error },
    ask: async (program, args) => {
      const { code, output } = await ask(program, args);
      return code === 0 ? output : null;
    },
  };
}

/** The running kernel's configuration, as text, from wherever a distribution leaves it. */
export function kernelConfiguration(facts: MachineFacts): string | null {
  const packed = facts.readBytes('/proc/config.gz');
  if (packed) {
    try {
      return gunzipSync(packed).toString('utf8');
    } catch {
      // Not what it says it is; the other places may be.
    }
  }
  return facts.read(`/boot/config-${facts.kernelRelease}`) ?? facts.read(`/lib/modules/${facts.kernelRelease}/build/.config`);
}

/** The value of an option: `y`, `m`, a text without its quotes, or null when it is not set. */
export function option(configuration: string, name: string): string | null {
  const value = new RegExp(`^CONFIG_${name}=(.*)$`, 'm').exec(configuration)?.[1];
  return value?.replace(/^"(.*)"$/, '$1') ?? null;
}
