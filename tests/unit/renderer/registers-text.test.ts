import { expect, test } from 'vitest';
import { type PlacedRegister, RegisterFile } from '../../../main/common/registers/register-file.ts';
import { registersCsv, registerText } from '../../../renderer/panels/registers/registers-text.ts';
import { rangeOf, spanOf, stepsOf } from '../../../renderer/panels/registers/step-chart.tsx';
import { TrackedRegisters } from '../../../renderer/state/register-tracker.ts';
import { registerGroups } from '../../support/register-groups.ts';
import { registersSnapshot } from '../../support/registers-snapshot.ts';

const file = new RegisterFile(registerGroups());
const place = (offset: number): PlacedRegister => {
  const found = file.at(offset);
  if (!found) throw new Error(`There is no register at ${offset}.`);
  return found;
};
const tracked = new TrackedRegisters([0x8]);
tracked.add(registersSnapshot(10, { 8: 0x80 }));
tracked.add(registersSnapshot(12.5, { 8: 0x83 }));
const sources = { tracked, seconds: null, observation: undefined, base: 'hex', reason: null } as const;

test('CSV has a line a register, with times, and the reason where nothing was read', () => {
  const [header, status, cause] = registersCsv([place(0x8), place(0xc0)], sources, '0000:01:00.0').split('\r\n');
  expect(header).toBe('device,group,register,offset,hex,decimal,read_at_s,last_changed_s,access,read_effect,title,why_not_read');
  expect(status).toMatch(/^0000:01:00\.0,General,STATUS,0x00008,0x00000083,131,12\.500000,12\.500000,RO,none,/);
  expect(cause).toMatch(/^0000:01:00\.0,Interrupts,ICR,0x000c0,,,,,RC\/W1C,clears,.*Never polled/);
});

test('a copied register has its fields, with what their values mean', () => {
  const lines = registerText(place(0x8), sources).split('\n');
  expect(lines[0]).toBe('STATUS (0x00008) = 0x0000 0083');
  expect(lines).toContain('    7:6 SPEED = 0x2 1000 Mb/s');
});

test('a chart of a register is made of steps that reach to its newest value', () => {
  const history = { seconds: new Float64Array([100, 110, 120]), values: new Uint32Array([0, 4, 2]) };
  expect(spanOf(history)).toEqual([100, 120]);
  expect(rangeOf(history)).toEqual([0, 4]);
  expect([...stepsOf(history)]).toEqual([0, 1, 0.5, 1, 0.5, 0, 1, 0, 1, 0.5, 1, 0.5]);
});

test('a register that never changed is a line in the middle', () => {
  const history = { seconds: new Float64Array([100]), values: new Uint32Array([7]) };
  expect([...stepsOf(history)]).toEqual([1, 0.5, 1, 0.5]);
});
