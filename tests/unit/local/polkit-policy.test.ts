// @vitest-environment happy-dom
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentName, packagedFolder } from '../../../main/node/local/installation.ts';

const folder = join(import.meta.dirname, '../../../assets/linux');
const text = readFileSync(join(folder, 'org.ringscope.policy'), 'utf8');
// The parser of the test's DOM does not know of document types.
const policy = new DOMParser().parseFromString(text.replace(/<!DOCTYPE[^>]*>/, ''), 'application/xml');

const programOf = (id: string) =>
  policy.querySelector(`action[id="${id}"] > annotate[key="org.freedesktop.policykit.exec.path"]`)?.textContent ?? null;

test('it is well-formed and has the two actions, each for a program of its own', () => {
  expect(policy.querySelector('parsererror')).toBeNull();
  expect([...policy.querySelectorAll('action')].map((action) => action.id)).toEqual(['org.ringscope.change', 'org.ringscope.observe']);
  expect(programOf('org.ringscope.change')).toBe(join(packagedFolder, agentName));
  expect(programOf('org.ringscope.observe')).toBe(join(packagedFolder, 'ringscope-observe'));
});

test('nobody changes the machine without an administrator’s password, and nobody without one who is not at the machine', () => {
  const values = [...policy.querySelectorAll('action > defaults > *')].map((one) => one.textContent ?? '');
  expect(values).toHaveLength(6);
  for (const value of values) expect(value).toMatch(/^auth_(admin|self)(_keep)?$/);
  const change = policy.querySelector('action[id="org.ringscope.change"] > defaults');
  expect(change?.textContent).not.toContain('auth_self');
});

test('the observer passes no argument on', () => {
  const script = readFileSync(join(folder, 'ringscope-observe'), 'utf8');
  expect(script).toContain(`\nexec ${join(packagedFolder, agentName)} serve --observe\n`);
  expect(script).not.toMatch(/\$/);
  expect(statSync(join(folder, 'ringscope-observe')).mode & 0o111).toBe(0o111);
});
