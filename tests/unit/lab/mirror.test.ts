import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { debianMirror, releaseCodename } from '../../../driver/lab/mirror.mjs';

let etc: string;

beforeEach(() => {
  etc = mkdtempSync(join(tmpdir(), 'ringscope-etc-'));
  mkdirSync(join(etc, 'apt/sources.list.d'), { recursive: true });
  writeFileSync(join(etc, 'os-release'), 'ID=debian\nVERSION_CODENAME=trixie\n');
});

afterEach(() => rmSync(etc, { recursive: true }));

test('the codename is the one of os-release', () => expect(releaseCodename(etc)).toBe('trixie'));

test('a one-line list names the mirror of the machine’s own suite, not of a vendor’s', () => {
  writeFileSync(
    join(etc, 'apt/sources.list'),
    'deb https://vendor.test/apt stable main\ndeb [arch=amd64] http://mirror.test/debian/ trixie main\n',
  );
  expect(debianMirror(etc)).toBe('http://mirror.test/debian');
});

test('a deb822 stanza is read, its comments and its security twin passed over', () => {
  const security = 'Types: deb\nURIs: http://mirror.test/debian-security\nSuites: trixie-security\nComponents: main\n';
  const main = 'Types: deb\n# http://old.test/debian\nURIs: http://mirror.test/debian\nSuites: trixie trixie-updates\nComponents: main\n';
  writeFileSync(join(etc, 'apt/sources.list.d/debian.sources'), `${security}\n${main}`);
  expect(debianMirror(etc)).toBe('http://mirror.test/debian');
});

test('without any mirror the error says which variable to set', () => {
  let remedy = '';
  try {
    debianMirror(etc);
  } catch (error) {
    remedy = (error as { remedy: string }).remedy;
  }
  expect(remedy).toContain('RINGSCOPE_DEBIAN_MIRROR');
});
