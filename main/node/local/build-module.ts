// Builds rigb.ko for the running kernel and lays it, with its digest, beside the agent that may load it.
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildEvent, buildLinesKept } from '#common/protocol/machine.ts';
import { type Explained, explain } from './build-words.ts';
import { digestName, findInstallation, type InstallationPlaces, installationPlaces, moduleName, ownFolder } from './installation.ts';
import { driverSource, findModuleTree, type ModuleTree } from './module-tree.ts';
import { runBuild } from './run-build.ts';

/** What a build needs; the places are this machine's unless a test gives its own. */
export interface BuildOptions {
  /** Called with the whole state, at most some times a second while lines come. */
  readonly onChange: (event: BuildEvent) => void;
  /** Ends the build. */
  readonly signal: AbortSignal;
  readonly places?: InstallationPlaces;
  readonly tree?: ReturnType<typeof findModuleTree>;
  readonly source?: string | null;
  readonly run?: typeof runBuild;
  /** Whether the running kernel loads modules at all. */
  readonly loadsModules?: boolean;
}

// Often enough to follow, seldom enough that a chatty compiler does not fill the pipe to the window.
const tellEveryMs = 200;

/** The command that builds against a tree: the machine's own make, or the lab's inside its build root, whose libraries and compilers are its own. */
export function buildCommand(tree: ModuleTree, source: string, output: string): { program: string; args: string[] } {
  const make = (kernel: string, from: string, to: string) => [
    'make',
    '-C',
    kernel,
    `M=${from}`,
    `MO=${to}`,
    `CC=${tree.compiler}`,
    'modules',
  ];
  if (tree.kind === 'system') {
    const [program = 'make', ...args] = make(tree.folder, source, output);
    return { program, args };
  }
  const binds = ['--bind', tree.folder, '/mnt/kernel', '--ro-bind', source, '/mnt/source', '--bind', output, '/mnt/output'];
  const sandbox = [
    '--unshare-pid',
    '--die-with-parent',
    '--ro-bind',
    tree.root,
    '/',
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    '--tmpfs',
    '/tmp',
    '--tmpfs',
    '/mnt',
  ];
  const environment = ['--setenv', 'PATH', '/usr/sbin:/usr/bin:/sbin:/bin', '--setenv', 'HOME', '/tmp'];
  return { program: 'bwrap', args: [...sandbox, ...binds, ...environment, ...make('/mnt/kernel', '/mnt/source', '/mnt/output')] };
}

/** Builds and installs. Resolves when that has ended, however it ended: the last event says how. */
export async function buildModule({
  onChange,
  signal,
  places = installationPlaces(),
  tree = findModuleTree(),
  source = driverSource(),
  run = runBuild,
  loadsModules = existsSync('/proc/modules'),
}: BuildOptions): Promise<void> {
  const begun = Date.now();
  const { kernelRelease } = places;
  const lines: string[] = [];
  const tell = (change: Partial<BuildEvent>) =>
    onChange({
      type: 'build',
      state: 'running',
      kernelRelease,
      tree: tree.ok ? tree.value.title : '',
      lines: [...lines],
      elapsedMs: Date.now() - begun,
      digest: null,
      reason: null,
      ...change,
    });
  const fail = (reason: Explained) => tell({ state: 'failed', reason });
  // Headers that could be installed would not help there.
  if (!loadsModules)
    return fail({
      title: 'This kernel loads no modules',
      detail: `${kernelRelease} has no module support (/proc/modules is missing), so a driver built for it could not be loaded.`,
      remedy: 'Boot a kernel with CONFIG_MODULES=y, such as the distribution’s own, or inspect the lab guest.',
    });
  if (!tree.ok)
    return fail({
      title: 'There is no kernel tree for a Rust module',
      detail: tree.error,
      remedy: '`ringscope doctor` names each thing that is missing.',
    });
  if (source === null)
    return fail({
      title: 'The driver’s sources are missing',
      detail: 'Neither the application nor /usr/src has them.',
      remedy: 'Install the package again, or build from a checkout.',
    });
  const folder = ownFolder(places);
  const output = join(folder, 'build');
  try {
    mkdirSync(output, { recursive: true, mode: 0o755 });
    const telling = setInterval(() => tell({}), tellEveryMs);
    const { program, args } = buildCommand(tree.value, source, output);
    lines.push(`$ ${[program, ...args].join(' ')}`);
    tell({});
    const onLine = (line: string) => {
      lines.push(line);
      if (lines.length > buildLinesKept) lines.shift();
    };
    const said = await run(program, args, { onLine, signal }).finally(() => clearInterval(telling));
    if (signal.aborted) return fail({ title: 'The build was ended', detail: 'Nothing was installed.', remedy: 'Build again.' });
    const built = join(output, moduleName);
    if (said.code !== 0 || !existsSync(built)) return fail(explain(said.output, kernelRelease));
    const digest = install(built, folder);
    // The agent has to lie beside the module that it loads.
    const installation = findInstallation(places);
    if (!installation.ok)
      return fail({ title: 'The module is built, but there is no agent for it', detail: installation.error, remedy: 'Then build again.' });
    tell({ state: 'done', digest });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    fail({ title: 'The module cannot be written', detail, remedy: `Make ${folder} writable for this user and build again.` });
  }
}

/** The digest first: an agent that sees the new module with the old digest refuses it, and never the other way round. */
function install(built: string, folder: string): string {
  const digest = createHash('sha256').update(readFileSync(built)).digest('hex');
  copyFileSync(built, join(folder, `${moduleName}.new`));
  chmodSync(join(folder, `${moduleName}.new`), 0o644);
  writeFileSync(join(folder, `${digestName}.new`), `${digest}  ${moduleName}\n`, { mode: 0o644 });
  renameSync(join(folder, `${digestName}.new`), join(folder, digestName));
  renameSync(join(folder, `${moduleName}.new`), join(folder, moduleName));
  return digest;
}
