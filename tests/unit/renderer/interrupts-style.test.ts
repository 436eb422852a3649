// The shades of the interrupt map carry numbers, which have to be readable on the strongest of them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const sheet = (name: string) => readFileSync(join(import.meta.dirname, '../../../renderer/styles', name), 'utf8');

type Channels = readonly [number, number, number];

function token(selector: string, name: string): Channels {
  const block = sheet('tokens.css').split(`${selector} {`)[1]?.split('}')[0] ?? '';
  const digits = new RegExp(`--${name}: #([0-9a-f]{6});`).exec(block)?.[1] ?? '';
  const channel = (at: number) => Number.parseInt(digits.slice(at, at + 2), 16);
  return [channel(0), channel(2), channel(4)];
}

/** Relative luminance, WCAG 2.2. */
function luminance(channels: Channels): number {
  const [red = 0, green = 0, blue = 0] = channels.map((value) => (value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test.each([':root', ':root[data-theme="dark"]'])('a number is readable on the strongest shade in %s', (selector) => {
  const share = Number(/calc\(var\(--heat, 0\) \* (\d+)%\)/.exec(sheet('interrupts.css'))?.[1]) / 100;
  const [text, surface] = [token(selector, 'text'), token(selector, 'surface')];
  const mix = (at: 0 | 1 | 2) => share * text[at] + (1 - share) * surface[at];
  const levels = [luminance(text), luminance([mix(0), mix(1), mix(2)])].sort((a, b) => b - a);
  expect(((levels[0] ?? 0) + 0.05) / ((levels[1] ?? 0) + 0.05)).toBeGreaterThanOrEqual(4.5);
});

test('no colour is written in the panel’s sheet', () => {
  expect(sheet('interrupts.css').match(/#[0-9a-f]{3,8}\b|rgba?\(/g)).toBeNull();
});
