// The Debian mirror: whatever this machine itself installs from, read from apt's own lists, which are never changed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StepError } from './run.mjs';

function* sourceFiles(etc) {
  const list = join(etc, 'apt/sources.list');
  if (existsSync(list)) yield list;
  const folder = join(etc, 'apt/sources.list.d');
  if (existsSync(folder)) for (const name of readdirSync(folder).sort()) if (/\.(list|sources)$/.test(name)) yield join(folder, name);
}

function* entries(path) {
  const text = readFileSync(path, 'utf8').replace(/^#.*\n/gm, '');
  if (path.endsWith('.list')) {
    for (const line of text.split('\n')) {
      const match = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/.exec(line);
      if (match) yield { uri: match[1], suites: [match[2]] };
    }
    return;
  }
  for (const stanza of text.split(/\n\s*\n/)) {
    const field = (name) => new RegExp(`^${name}:\\s*(.*)$`, 'mi').exec(stanza)?.[1]?.trim().split(/\s+/) ?? [];
    if (/^Enabled:\s*no/im.test(stanza)) continue;
    for (const uri of field('URIs')) yield { uri, suites: field('Suites') };
  }
}

/** The URI of the Debian archive in apt's lists below `etc`: the entry whose suite is the machine's own release. `RINGSCOPE_DEBIAN_MIRROR` overrides. */
export function debianMirror(etc = '/etc', codename = releaseCodename(etc)) {
  if (process.env.RINGSCOPE_DEBIAN_MIRROR) return process.env.RINGSCOPE_DEBIAN_MIRROR;
  for (const path of sourceFiles(etc)) {
    for (const { uri, suites } of entries(path)) {
      if (suites.includes(codename) && /^(https?|file):/.test(uri)) return uri.replace(/\/$/, '');
    }
  }
  throw new StepError('No Debian mirror was found in this machine’s apt lists.', {
    remedy: 'Set RINGSCOPE_DEBIAN_MIRROR to the address of a Debian mirror and run the command again.',
  });
}

/** VERSION_CODENAME of /etc/os-release, such as `bookworm`. */
export function releaseCodename(etc = '/etc') {
  const path = join(etc, 'os-release');
  if (!existsSync(path)) return '';
  return /^VERSION_CODENAME=(.*)$/m.exec(readFileSync(path, 'utf8'))?.[1]?.replaceAll('"', '') ?? '';
}
