import { describe, expect, test } from 'vitest';
import { RegisterFile } from '../../../main/common/registers/register-file.ts';
import { placesListed, type RowsQuestion, rowName, rowsOf } from '../../../renderer/panels/registers/register-rows.ts';
import { registerGroups } from '../../support/register-groups.ts';

const file = new RegisterFile(registerGroups());
const everything: RowsQuestion = { search: '', filter: 'all', closedGroups: new Set(), open: new Set(), passes: () => true };
const names = (change: Partial<RowsQuestion>) => rowsOf(file, { ...everything, ...change }).map(rowName);

describe('the rows', () => {
  test('are groups with registers, and arrays closed', () => {
    const all = names({});
    expect(all.slice(0, 4)).toEqual(['General', 'CTRL', 'STATUS', 'CTRL_EXT']);
    expect(all).toContain('EITR[0…24]');
    expect(all).not.toContain('EITR[0]');
  });

  test('have keys of their own', () => {
    const open = new Set(['array 5760', 'offset 5760', 'offset 0']);
    const keys = rowsOf(file, { ...everything, open }).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('say what an open register does before its fields', () => {
    const rows = rowsOf(file, { ...everything, open: new Set([`offset ${0x100}`]) });
    const below = rows.filter((row) => 'place' in row && row.place.name === 'RCTL').map(({ kind }) => kind);
    expect(below.slice(0, 6)).toEqual(['register', 'note', 'note', 'note', 'bits', 'field']);
  });

  test('leave a closed group’s registers out and count them all the same', () => {
    const rows = rowsOf(file, { ...everything, closedGroups: new Set(['General']) });
    expect(rows[0]).toMatchObject({ kind: 'group', group: 'General', isOpen: false });
    expect(rows[0]).toHaveProperty('count', expect.any(Number));
    expect(rows.map(rowName)).not.toContain('CTRL');
  });
});

describe('a search', () => {
  test('finds a name in any case', () => expect(names({ search: 'rctl' })).toContain('RCTL'));

  test('finds an offset with and without its leading zeros', () => {
    expect(names({ search: '0x05818' })).toContain('MRQC');
    expect(names({ search: '0x5818' })).toContain('MRQC');
  });

  test('opens an array at the element that was meant', () => {
    const found = names({ search: 'eitr[3]' });
    expect(found).toContain('EITR[3]');
    expect(found).not.toContain('EITR[4]');
  });

  test('finds a field and a meaning, all words together', () => {
    expect(names({ search: 'DROP_EN' })).toContain('SRRCTL[0…15]');
    expect(names({ search: 'promiscuous multicast' })).toEqual(['Receive', 'RCTL']);
  });

  test('that finds nothing leaves no group', () => expect(names({ search: 'no such thing' })).toEqual([]));
});

test('what is listed for export has the elements of closed arrays too', () => {
  expect(placesListed(file, { search: 'reta', passes: () => true }).filter(({ description }) => description.name === 'RETA')).toHaveLength(
    32,
  );
});
