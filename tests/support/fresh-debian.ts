// A fresh Debian root in which packages are installed for real. Made by mmdebstrap once, kept as an archive in the cache, unpacked anew for each test file.
import { type ChildProcessByStdio, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { cacheDirectory } from '../../driver/lab/cache.mjs';
import { debianMirror } from '../../driver/lab/mirror.mjs';

/** How a command inside ended. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Why fresh roots cannot be made here, or null. */
export function whyNoFreshDebian(): string | null {
  if (process.getuid?.() !== 0) return 'installing packages in a root of their own needs root';
  for (const program of ['mmdebstrap', 'bwrap', 'dpkg-deb'])
    if (spawnSync(program, ['--version']).error) return `${program} is not installed`;
  return null;
}

const kept = () => join(cacheDirectory(), 'package-roots');

function archiveOf(suite: string, include: readonly string[]): string {
  const archive = join(kept(), `${suite}${include.length > 0 ? `+${include.join('+')}` : ''}.tar`);
  if (existsSync(archive)) return archive;
  mkdirSync(kept(), { recursive: true });
  const partial = `${archive}.partial`;
  const packages = include.length > 0 ? [`--include=${include.join(',')}`] : [];
  execFileSync(
    'mmdebstrap',
    ['--variant=minbase', '--aptopt=APT::Install-Recommends "false"', '--format=tar', ...packages, suite, partial, debianMirror()],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  renameSync(partial, archive);
  return archive;
}

/** A root of its own, removed by `remove`. */
export class FreshDebian {
  readonly #folder: string;
  readonly #packages: string;

  /** `include` are Debian packages that are there beforehand; `packages` the folder that is seen inside as /packages. */
  constructor({ suite, include = [], packages }: { suite: string; include?: readonly string[]; packages: string }) {
    const archive = archiveOf(suite, include);
    this.#folder = mkdtempSync(join(kept(), `${suite}-`));
    this.#packages = packages;
    execFileSync('tar', ['-x', '-f', archive, '-C', this.#folder, '--exclude=./dev/*']);
    this.must(['useradd', '--create-home', 'engineer']);
    this.must(['apt-get', 'update']);
  }

  /** Runs a command as root, or as an ordinary user of the root with the lab's products of this machine in its cache. */
  run(command: readonly string[], options: { as?: 'root' | 'engineer' } = {}): Ended {
    const { status, stdout, stderr, error } = spawnSync('bwrap', this.#inside(command, options.as ?? 'root'), {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      timeout: 240_000,
    });
    if (error) throw error;
    return { code: status, output: stdout, errors: stderr };
  }

  /** Like `run`, but a failure is an Error with the command's last words. */
  must(command: readonly string[], options: { as?: 'root' | 'engineer' } = {}): string {
    const { code, output, errors } = this.run(command, options);
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${(errors + output).slice(-2000)}`);
    return output;
  }

  /** Starts a command of the user that goes on. */
  start(command: readonly string[]): ChildProcessByStdio<Writable, Readable, null> {
    return spawn('bwrap', this.#inside(command, 'engineer'), { stdio: ['pipe', 'pipe', 'inherit'] });
  }

  /** Every file with its kind, mode, size and link, except what package managers themselves keep books in. */
  listing(): string[] {
    const books = /^\/(proc|dev|sys|tmp|run|lab|packages|home|var\/(cache|log|lib\/(dpkg|apt))|etc\/(resolv\.conf|ld\.so\.cache))(\/|$| )/;
    return this.must(['find', '/', '-xdev', '-printf', '%p %y %m %l %U:%G\\n'])
      .split('\n')
      .filter((line) => line !== '' && !books.test(line))
      .sort();
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #inside(command: readonly string[], user: 'root' | 'engineer'): string[] {
    const home = user === 'root' ? '/root' : '/home/engineer';
    const as = user === 'root' ? [] : ['setpriv', '--reuid', user, '--regid', user, '--clear-groups'];
    return [
      ...['--bind', this.#folder, '/', '--dev', '/dev', '--bind', '/proc', '/proc', '--ro-bind', '/etc/resolv.conf', '/etc/resolv.conf'],
      ...['--tmpfs', '/tmp', '--chmod', '1777', '/tmp', '--tmpfs', '/run', '--ro-bind', this.#packages, '/packages'],
      ...['--tmpfs', '/lab', '--dir', '/lab/ringscope', '--chmod', '0777', '/lab/ringscope', ...this.#labBinds()],
      ...['--die-with-parent', '--cap-add', 'ALL', '--chdir', '/', '--clearenv', ...this.#proxies()],
      ...['--setenv', 'PATH', '/usr/sbin:/usr/bin:/sbin:/bin', '--setenv', 'HOME', home, '--setenv', 'LC_ALL', 'C.UTF-8'],
      ...['--setenv', 'DEBIAN_FRONTEND', 'noninteractive', '--setenv', 'XDG_CACHE_HOME', '/lab'],
      ...as,
      ...command,
    ];
  }

  /** The lab's products of this machine, read-only: an installed Ringscope with the same sources finds them and builds nothing. */
  #labBinds(): string[] {
    return readdirSync(cacheDirectory())
      .filter((name) => /^(root|kernel|module|agent|guest)-[0-9a-f]{16}$/.test(name))
      .flatMap((name) => ['--ro-bind', join(cacheDirectory(), name), `/lab/ringscope/${name}`]);
  }

  #proxies(): string[] {
    return ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => (process.env[name] ? ['--setenv', name, process.env[name]] : []));
  }
}
