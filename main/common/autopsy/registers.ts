// The registers of the 82576 that a cause can be read from (datasheet section 8). Offsets in BAR 0.
import type { FrozenCase } from '#common/autopsy/frozen-case.ts';

/** What every register reads as when the card is gone from the bus. */
export const allOnes = 0xffff_ffff;

export const offsets = {
  CTRL: 0x0000,
  STATUS: 0x0008,
  RCTL: 0x0100,
  TCTL: 0x0400,
  IMS: 0x00d0,
  GPIE: 0x1514,
  EIMS: 0x1524,
} as const;

/** Bits by the datasheet's names. */
export const bits = {
  CTRL: { GIO_MASTER_DISABLE: 2 },
  STATUS: { LU: 1, TXOFF: 4, GIO_MASTER_ENABLE: 19 },
  RCTL: { EN: 1 },
  TCTL: { EN: 1 },
  GPIE: { MULTIPLE_MSIX: 4 },
  queueEnable: 25,
} as const;

/** RXDCTL or TXDCTL of a queue. */
export const queueControlOffset = (kind: 'rx' | 'tx', index: number): number => (kind === 'rx' ? 0xc028 : 0xe028) + index * 0x40;

/** A register's value in the case; null when the driver's snapshot has it not. */
export function registerOf({ registers }: FrozenCase, offset: number): number | null {
  return registers?.values.find((one) => one.offset === offset)?.value ?? null;
}

/** Whether a bit is set; null when the register is not known. */
export function isSet(frozen: FrozenCase, offset: number, bit: number): boolean | null {
  const value = registerOf(frozen, offset);
  return value === null ? null : ((value >>> bit) & 1) === 1;
}

/** A register's value as the datasheet writes it. */
export const hex = (value: number): string => `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
