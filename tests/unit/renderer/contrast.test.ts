import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const sheet = readFileSync(join(import.meta.dirname, '../../../renderer/styles/tokens.css'), 'utf8');

function tokens(selector: string): Record<string, string> {
  const begin = sheet.indexOf(`${selector} {`);
  const block = sheet.slice(begin, sheet.indexOf('}', begin));
  return Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string | undefined, other: string | undefined): number {
  if (!one || !other) throw new Error('a token is missing');
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

describe.each([
  ['light', ':root'],
  ['dark', ':root[data-theme="dark"]'],
])('in the %s theme', (_, selector) => {
  const theme = tokens(selector);

  test.each(['text', 'text-soft', 'good', 'error', 'accent'])('%s is readable on every surface', (name) => {
    for (const surface of ['ground', 'surface', 'surface-raised', 'selection'].slice(0, name === 'text' || name === 'text-soft' ? 4 : 2))
      expect(contrast(theme[name], theme[surface]), `${name} on ${surface}`).toBeGreaterThanOrEqual(4.5);
  });

  test('every colour of a terminal is readable on its ground', () => {
    const colours = Object.keys(theme).filter((name) => name.startsWith('terminal-') && name !== 'terminal-selection');
    expect(colours).toHaveLength(16);
    for (const name of colours) expect(contrast(theme[name], theme.surface), name).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['hardware', 'done', 'other-driver', 'free', 'error', 'mark-tail', 'focus'])(
    'the mark %s stands out from its panel',
    (name) => {
      expect(contrast(theme[name], theme.surface), name).toBeGreaterThanOrEqual(3);
    },
  );

  test('the words on a primary button are readable', () => {
    expect(contrast(theme['on-accent'], theme.accent)).toBeGreaterThanOrEqual(4.5);
  });
});

test('no colour is written outside of the token file', () => {
  const folder = join(import.meta.dirname, '../../../renderer/styles');
  for (const name of readdirSync(folder).filter((file) => file !== 'tokens.css')) {
    const text = readFileSync(join(folder, name), 'utf8');
    expect(text.match(/#[0-9a-f]{3,8}\b|rgba?\(/g), name).toBeNull();
  }
});
