// What stands in a register's value cell: what was read, what somebody else counted, or why there is nothing.
import type { ObservationEvent } from '#common/protocol/observation.ts';
import { hexWord, type PlacedRegister } from '#common/registers/register-file.ts';
import type { TrackedRegisters } from '../../state/register-tracker.ts';
import { formatCount } from '../../ui/format.ts';
import { type Base, formatInBase } from '../../ui/number-base.ts';

/** A cell. `value` is there only for what was read from the register itself. */
export interface ShownValue {
  readonly text: string;
  readonly title: string;
  readonly value: number | null;
  readonly kind: 'read' | 'elsewhere' | 'missing';
}

/** What is known when a cell is filled. */
export interface ValueSources {
  readonly tracked: TrackedRegisters | undefined;
  /** The instant that is shown; null is now. */
  readonly seconds: number | null;
  readonly observation: ObservationEvent | undefined;
  readonly base: Base;
  /** Why no register at all is read; null while some are. */
  readonly reason: string | null;
}

/** A register's value in the chosen base: all of its digits. */
export const formatValue = (value: number, base: Base): string => formatInBase(value, base, 32);

function fromElsewhere({ description, index }: PlacedRegister, observation: ObservationEvent | undefined): number | null {
  const name = description.elsewhere?.ethtool?.replace('{index}', String(index));
  if (name === undefined) return null;
  return observation?.ethtoolStatistics.items.find((one) => one.name === name)?.value ?? null;
}

/** Fills a cell. */
export function shownValue(place: PlacedRegister, { tracked, seconds, observation, base, reason }: ValueSources): ShownValue {
  const { read, readNote, elsewhere, access } = place.description;
  if (read !== 'none') {
    const title = `Never polled: ${readNote ?? ''}${elsewhere ? ` ${elsewhere.words}` : ''}`;
    const sum = fromElsewhere(place, observation);
    if (sum !== null) return { kind: 'elsewhere', text: `Σ ${formatCount(sum)}`, title, value: null };
    return { kind: 'missing', text: 'not polled', title, value: null };
  }
  const value = tracked?.value(place.offset, seconds) ?? null;
  if (value !== null) return { kind: 'read', text: formatValue(value, base), title: `${hexWord(value)} = ${formatCount(value)}`, value };
  const missing = (why: string): ShownValue => ({ kind: 'missing', text: 'not read', title: `Not read: ${why}`, value: null });
  if (access === 'WO') return missing('it can only be written.');
  if (reason !== null) return missing(reason);
  if (tracked && !tracked.has(place.offset)) return missing('the driver does not show it in its snapshot.');
  return missing('nothing was read by this instant.');
}
