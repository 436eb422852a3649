import { expect, test } from 'vitest';
import { combination, combinationOf, isPressed, isTypeable, type KeyPress, keyLabel } from '../../../renderer/ui/key-combination.ts';

const press = (code: string, change: Partial<KeyPress> = {}): KeyPress => ({
  code,
  key: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...change,
});

test('a combination is modifiers and the place of the key', () => {
  expect(combinationOf(press('KeyU'))).toBe('KeyU');
  expect(combinationOf(press('ArrowUp', { shiftKey: true, altKey: true, ctrlKey: true }))).toBe('Ctrl+Alt+Shift+ArrowUp');
});

test('Command counts as Control', () => expect(combinationOf(press('KeyK', { metaKey: true }))).toBe('Ctrl+KeyK'));

test('a modifier by itself is none', () => {
  expect(combinationOf(press('ShiftLeft', { shiftKey: true }))).toBeNull();
  expect(combinationOf(press('MetaRight', { metaKey: true }))).toBeNull();
});

test('the letter on the key does not matter: on a French board the key of Q types an A', () => {
  expect(isPressed('KeyQ', press('KeyQ', { key: 'a' }))).toBe(true);
  expect(keyLabel('KeyQ', new Map([['KeyQ', 'a']]))).toBe('A');
});

test('the question mark is meant as a character, wherever it is', () => {
  expect(isPressed('?', press('Minus', { key: '?', shiftKey: true }))).toBe(true);
  expect(isPressed('?', press('Slash', { key: '/', shiftKey: false }))).toBe(false);
});

test('what types a character is told from what does not', () => {
  expect(['KeyU', 'Shift+KeyU', '?', 'Digit1'].every(isTypeable)).toBe(true);
  expect(['Ctrl+KeyU', 'Alt+Shift+ArrowUp', 'F6', 'Shift+F6'].some(isTypeable)).toBe(false);
});

test('combinations are written as people say them', () => {
  expect(['Ctrl+Shift+KeyK', 'Digit4', 'Alt+ArrowLeft', 'Shift+F6', '?'].map((one) => keyLabel(one))).toEqual([
    'Ctrl+Shift+K',
    '4',
    'Alt+←',
    'Shift+F6',
    '?',
  ]);
});

test('a letter or digit alone stands for its key', () => expect(['u', '3', 'F6'].map(combination)).toEqual(['KeyU', 'Digit3', 'F6']));
