// The headless package in a fresh Debian 12 and a fresh Debian 13: installed by apt, used by an ordinary user, driving the lab, and taken away again.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { snapshotDocument } from '#common/snapshot-document.ts';
import { buildPackages, checkout, fieldOf } from '../support/built-packages.ts';
import { FreshDebian, whyNoFreshDebian } from '../support/fresh-debian.ts';

const reason = whyNoFreshDebian();
const { version, dependencies } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as {
  version: string;
  dependencies: Record<string, string>;
};

const releases = [
  { name: 'Debian 12', suite: 'bookworm', hasNewNode: false },
  { name: 'Debian 13', suite: 'trixie', hasNewNode: true },
];

describe.skipIf(reason !== null).each(releases)(`$name${reason ? ` (skipped: ${reason})` : ''}`, ({ suite, hasNewNode }) => {
  let debian: FreshDebian;
  let before: string[];
  let archives: string[];

  beforeAll(() => {
    const { headless, node } = buildPackages();
    // What the package declares and nothing else, so that what it forgot to declare is missing.
    const declared = fieldOf(headless, 'Depends')
      .split(', ')
      .map((dependency) => dependency.split(/[ |]/)[0] ?? '')
      .filter((name) => name !== 'nodejs' || hasNewNode);
    debian = new FreshDebian({ suite, include: declared, packages: dirname(headless) });
    before = debian.listing();
    archives = [headless, ...(hasNewNode ? [] : [node])].map((archive) => `/packages/${basename(archive)}`);
  });
  afterAll(() => debian?.remove());

  test('alone it is installed where Debian’s own Node is new enough; elsewhere apt refuses and names what is wanted', () => {
    const { code, output, errors } = debian.run(['apt-get', 'install', '--yes', '--simulate', archives[0] ?? '']);
    if (hasNewNode)
      expect({ code, adds: output.match(/^Inst \S+/gm) }).toEqual({ code: 0, adds: expect.arrayContaining(['Inst ringscope-headless']) });
    else expect({ code, words: output + errors }).toEqual({ code: 100, words: expect.stringContaining('ringscope-node') });
  });

  test('apt installs it without a word of complaint', () => {
    const output = debian.must(['apt-get', 'install', '--yes', '--no-install-recommends', ...archives]);
    expect(output).toContain('Setting up ringscope-headless');
    expect(output).not.toMatch(/warning|error/i);
    expect(debian.must(['dpkg', '--verify', 'ringscope-headless'])).toBe('');
  });

  test('its commands answer an ordinary user', () => {
    const user = { as: 'engineer' } as const;
    expect(debian.must(['ringscope', '--version'], user)).toBe(`${version}\n`);
    expect(debian.must(['ringscope', '--help'], user)).toContain('snapshot');
    expect(debian.must(['ringscope', '--help'], user)).not.toContain('npm');
    expect(debian.must(['ringscope-web', '--help'], user)).toContain('RINGSCOPE_PORT');
    expect(debian.run(['ringscope', 'lab', 'status', '--json'], user)).toMatchObject({
      code: 3,
      output: '{"session":"lab","running":false}\n',
    });
    expect(debian.must(['cat', '/usr/share/bash-completion/completions/ringscope'])).toBe(
      debian.must(['ringscope', 'completion', 'bash'], user),
    );
    if (/^ {2}doctor /m.test(debian.must(['ringscope', '--help'], user)))
      expect(JSON.parse(debian.run(['ringscope', 'doctor', '--json'], user).output)).toHaveProperty('checks');
  });

  test('every npm package loads there, and node-pty opens a terminal', () => {
    const imports = Object.keys(dependencies).map((name) => `await import(${JSON.stringify(name)});`);
    const program = `${imports.join(' ')}
      const { spawn } = (await import('node-pty')).default;
      const terminal = spawn('/bin/sh', ['-c', 'tty; exit 7'], { cols: 80, rows: 24 });
      terminal.onData((text) => process.stdout.write(text));
      terminal.onExit(({ exitCode }) => process.exit(exitCode));`;
    const node = hasNewNode ? 'node' : '/usr/lib/ringscope-node/bin/node';
    const { code, output } = debian.run(['sh', '-c', 'cd /usr/lib/ringscope && exec "$0" --input-type=module -e "$1"', node, program], {
      as: 'engineer',
    });
    expect({ code, output }).toEqual({ code: 7, output: expect.stringMatching(/^\/dev\/pts\/\d+\r\n$/) });
  });

  test('it drives the lab, whose products it finds by their keys and does not build again', () => {
    const { code, output, errors } = debian.run(['ringscope', 'snapshot', '--target', 'lab', '--seconds', '1', '--json'], {
      as: 'engineer',
    });
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    const document = snapshotDocument.parse(JSON.parse(output));
    expect(document.device).toMatchObject({ driver: 'rigb', interface: 'eth0' });
    expect(document.statistics.rxPackets).toBeGreaterThan(0);
    // A queue pair for each of the guest's two CPUs.
    expect(document.queues.map(({ kind, index }) => `${kind}${index}`)).toEqual(['rx0', 'rx1', 'tx0', 'tx1']);
  });

  test('ringscope-web prints an address, serves the window there, and ends cleanly', async () => {
    const child = debian.start(['sh', '-c', 'ringscope-web & read -r _; kill $!; wait $!']);
    const exit = once(child, 'exit');
    const lines = createInterface({ input: child.stdout });
    const address = await new Promise<string>((resolve) => {
      lines.on('line', (line) => {
        const found = /^Ringscope: (http:\/\/127\.0\.0\.1:\d+\/#token=\S+)$/.exec(line)?.[1];
        if (found) resolve(found);
      });
    });
    const page = await fetch(address);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<title>Ringscope');
    child.stdin.end('\n');
    expect(await exit).toEqual([0, null]);
  });

  test('without a lab the window opens at once and tells how the build goes; its end ends the build', () => {
    // Another build holds the lock, so that this one stays where it can be looked at. `lab status` joins the session, as a second terminal would.
    // The builder is known by the cache that it was told to build in.
    const script = `export XDG_CACHE_HOME=$HOME/empty
      mkdir -p $HOME/empty/ringscope; printf %s $$ > $HOME/empty/ringscope/building.pid
      ringscope-web & web=$!
      until ringscope lab status | tee /tmp/status | grep -q 'Waiting for another build'; do kill -0 $web || exit 9; done
      grep ^target /tmp/status
      grep -qz '^XDG_CACHE_HOME=.*/empty' $(grep -lsz 'build-lab.mjs' /proc/[0-9]*/cmdline | sed s/cmdline/environ/) && echo 'a builder waits'
      kill $web; wait $web; echo "ended: $?"
      grep -lsz 'build-lab.mjs' /proc/[0-9]*/cmdline || echo 'nothing left'`;
    const { code, output, errors } = debian.run(['bash', '-c', script.replaceAll('build-lab.mjs', 'build-l[a]b.mjs')], { as: 'engineer' });
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output).toMatch(
      /^target +lab, preparing: Waiting for another build of the lab \(process \d+\)\na builder waits\nended: 0\nnothing left$/m,
    );
  });

  test('nothing was written below /usr while it was used', () => {
    expect(debian.must(['dpkg', '--verify', 'ringscope-headless'])).toBe('');
    const owned = new Set(debian.must(['dpkg', '--listfiles', 'ringscope-headless']).trim().split('\n'));
    const found = debian
      .must(['find', '/usr/lib/ringscope', '/usr/src', '-path', '*rigb*', '-o', '-path', '/usr/lib/ringscope*'])
      .trim()
      .split('\n');
    expect(found.filter((path) => !owned.has(path))).toEqual([]);
  });

  test('apt purge leaves nothing', () => {
    debian.must(['apt-get', 'purge', '--yes', 'ringscope-headless', ...(hasNewNode ? [] : ['ringscope-node'])]);
    expect(debian.listing()).toEqual(before);
  });
});
