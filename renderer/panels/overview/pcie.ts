// What of a card's place on the bus is worth a word: a link below what it could be, and errors that were counted.
import type { ObservationEvent } from '#common/protocol/observation.ts';

type Pcie = ObservationEvent['pcie'];
type Aer = NonNullable<Pcie['aer']>;

/** `2.5 GT/s PCIe` and 4 as `2.5 GT/s ×4`; null where the kernel tells neither. */
export function linkText(speed: string | null, width: number | null): string | null {
  if (speed === null && width === null) return null;
  return `${speed?.replace(/ PCIe$/, '') ?? '? GT/s'} ×${width ?? '?'}`;
}

const gigatransfers = (speed: string | null): number | null => {
  const value = Number.parseFloat(speed ?? '');
  return Number.isNaN(value) ? null : value;
};

/** Why the link is slower than card and slot could be, or null when it is not or cannot be told. */
export function belowMaximum({ speed, width, maxSpeed, maxWidth }: Pcie): string | null {
  const [now, most] = [gigatransfers(speed), gigatransfers(maxSpeed)];
  const slower = now !== null && most !== null && now < most ? `${now} of ${most} GT/s` : null;
  const narrower = width !== null && maxWidth !== null && width < maxWidth ? `×${width} of ×${maxWidth}` : null;
  const what = [slower, narrower].filter((part) => part !== null).join(', ');
  return what === '' ? null : `The link runs below what the card can do: ${what}. The slot, a riser or a power state may be the reason.`;
}

/** Errors that were counted since an earlier look; null when there are none or counting began anew. */
export function newErrors(before: Aer | null | undefined, now: Aer): string | null {
  if (!before) return null;
  const kinds = [
    ['correctable', now.correctable - before.correctable],
    ['non-fatal', now.nonfatal - before.nonfatal],
    ['fatal', now.fatal - before.fatal],
  ] as const;
  const risen = kinds.filter(([, count]) => count > 0);
  return risen.length === 0 ? null : risen.map(([name, count]) => `+${count} ${name}`).join(', ');
}
