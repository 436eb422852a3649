// The fences of design.md, read from the sources themselves: who imports whom, where unsafe lives, that every room says what it is for.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = normalize(join(import.meta.dirname, '..', '..'));

function filesBelow(folder: string, ending: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => ending.test(path))
    .sort();
}

/** The room a file belongs to: `main/common`, `main/node`, … */
const roomOf = (path: string): string =>
  path
    .split('/')
    .slice(0, path.startsWith('main/') ? 2 : 1)
    .join('/');

function importsOf(path: string): string[] {
  const source = readFileSync(join(root, path), 'utf8');
  const specifiers = [...source.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"\n]+)['"]/g)].map((match) => match[1] ?? '');
  return specifiers.map((specifier) => {
    if (specifier.startsWith('#common/')) return specifier.replace('#common/', 'main/common/');
    if (specifier.startsWith('.')) return normalize(join(dirname(path), specifier));
    return specifier;
  });
}

const allowed: Record<string, readonly string[]> = {
  'main/common': ['main/common'],
  'main/node': ['main/common', 'main/node'],
  'main/web': ['main/common', 'main/node', 'main/web'],
  'main/electron': ['main/common', 'main/node', 'main/electron'],
  renderer: ['main/common', 'renderer'],
};

describe.each(Object.entries(allowed))('%s', (room, rooms) => {
  const files = filesBelow(room, /\.tsx?$/);

  test('has files', () => expect(files.length).toBeGreaterThan(0));

  test('imports only the rooms below it', () => {
    const wrong = files.flatMap((path) =>
      importsOf(path)
        .filter((target) => /^(main|renderer|driver|tests)\//.test(target) && !rooms.includes(roomOf(target)))
        .map((target) => `${path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe.each(Object.keys(allowed).filter((room) => room !== 'main/electron'))('%s', (room) => {
  test("leaves electron to Electron's shell", () => {
    const files = filesBelow(room, /\.tsx?$/);
    expect(files.filter((path) => importsOf(path).some((target) => target === 'electron' || target.startsWith('electron/')))).toEqual([]);
  });
});

describe.each(['main/common', 'renderer'])('%s', (room) => {
  test('needs no Node', () => {
    const files = filesBelow(room, /\.tsx?$/);
    expect(files.filter((path) => importsOf(path).some((target) => target.startsWith('node:')))).toEqual([]);
  });
});

test('setup imports only what is there before anything is installed', () => {
  const wrong = filesBelow('main/setup', /\.mjs$/).flatMap((path) =>
    importsOf(path)
      .filter((target) => !/^(node:|main\/setup\/|driver\/lab\/)/.test(target))
      .map((target) => `${path} imports ${target}`),
  );
  expect(wrong.filter((line) => !line.startsWith('main/setup/icons') && !line.startsWith('main/setup/pictures/'))).toEqual([]);
});

test('in the driver, unsafe has one home', () => {
  const outside = filesBelow('driver/rigb/src', /\.rs$/)
    .filter((path) => !path.startsWith('driver/rigb/src/sys/'))
    .filter((path) => /\bunsafe\b/.test(readFileSync(join(root, path), 'utf8').replace(/\/\/.*$/gm, '')));
  expect(outside).toEqual([]);
});

test('every unsafe block of the driver carries its argument', () => {
  const bare = filesBelow('driver/rigb/src/sys', /\.rs$/).flatMap((path) => {
    const lines = readFileSync(join(root, path), 'utf8').split('\n');
    return lines.flatMap((line, index) => {
      if (!/\bunsafe (\{|impl)|unsafe \{$/.test(line) || /^\s*\/\//.test(line)) return [];
      const above = lines.slice(Math.max(0, index - 8), index + 1).join('\n');
      return /SAFETY:/.test(above) ? [] : [`${path}:${index + 1}`];
    });
  });
  expect(bare).toEqual([]);
});

test('every top folder says what lives in it', () => {
  const folders = [
    'main',
    'main/node',
    'main/web',
    'main/electron',
    'renderer',
    'driver',
    'driver/rigb',
    'driver/wire',
    'driver/agent',
    'driver/lab',
    'tests',
    'assets',
  ];
  expect(folders.filter((folder) => !existsSync(join(root, folder, 'README.md')))).toEqual([]);
});
