import { describe, expect, test } from 'vitest';
import { registerDescription } from '#common/registers/register-description.ts';
import { bitsOf, fieldsOf, hexOffset, hexWord, maskOf, nameOf, placesOf, withField } from '#common/registers/register-file.ts';

const throttle = registerDescription.parse({
  name: 'EITR',
  title: 'Interrupt throttle',
  offset: '0x1680',
  array: { count: 3, stride: 4 },
  access: 'RW',
  reset: '0x0',
  section: null,
  read: 'none',
  write: 'Holds at once.',
  fields: [
    { name: 'INTERVAL', bit: 2, width: 13, meaning: 'Microseconds' },
    { name: 'CNT_IGNR', bit: 31, width: 1, meaning: 'The counter goes on', values: { 0: 'begins anew', 1: 'goes on' } },
  ],
});

describe('a register description', () => {
  test('is laid out into its elements', () => {
    expect(placesOf(throttle, 'Interrupts').map(({ name, offset }) => [name, offset])).toEqual([
      ['EITR[0]', 0x1680],
      ['EITR[1]', 0x1684],
      ['EITR[2]', 0x1688],
    ]);
    expect(nameOf(throttle)).toBe('EITR[0…2]');
  });

  test('takes a value apart, the highest bits first', () => {
    const [ignore, interval] = fieldsOf(throttle, 0x8000_00c4);
    expect(ignore).toMatchObject({ name: 'CNT_IGNR', value: 1, word: 'goes on' });
    expect(interval).toMatchObject({ name: 'INTERVAL', value: 49, word: null });
  });

  test('is refused when an offset is no hexadecimal number or a field has no place', () => {
    expect(registerDescription.safeParse({ ...throttle, offset: '1680' }).success).toBe(false);
    const fields = [{ name: 'A', bit: 32, width: 1, meaning: 'beyond the register' }];
    expect(registerDescription.safeParse({ ...throttle, offset: '0x1680', reset: null, fields }).success).toBe(false);
  });
});

describe('a field', () => {
  test('of all 32 bits has an unsigned mask', () => expect(maskOf({ bit: 0, width: 32 })).toBe(0xffff_ffff));

  test('is changed alone, and what does not fit into it is left out', () => {
    expect(withField(0xffff_ffff, { bit: 4, width: 4 }, 0)).toBe(0xffff_ff0f);
    expect(withField(0, { bit: 31, width: 1 }, 3)).toBe(0x8000_0000);
  });

  test('is written as datasheets write bits', () => {
    expect([bitsOf({ bit: 4, width: 1 }), bitsOf({ bit: 2, width: 13 })]).toEqual(['4', '14:2']);
  });
});

test('words and offsets have all their digits', () => {
  expect([hexWord(0xc4), hexWord(0xffff_ffff), hexOffset(0x8)]).toEqual(['0x0000 00c4', '0xffff ffff', '0x00008']);
});
