// How long interrupts are held back, read from what the driver tells ethtool: what it means in interrupts a second, and what a change comes to on the wire.
import type { CoalesceParameters } from '#common/protocol/interrupt-control.ts';

/** The moderation that a person can set here, by the names of the verb; what the driver does not offer is null. */
export interface Moderation {
  readonly 'rx-usecs': number | null;
  readonly 'tx-usecs': number | null;
  readonly 'adaptive-rx': boolean | null;
  readonly 'adaptive-tx': boolean | null;
}

export const timeNames = ['rx-usecs', 'tx-usecs'] as const;
export const switchNames = ['adaptive-rx', 'adaptive-tx'] as const;

/** From the names of an observation, which are the kernel's. */
export function moderationOf(coalesce: Readonly<Record<string, number>>): Moderation {
  const isOn = (name: string) => (coalesce[name] === undefined ? null : coalesce[name] !== 0);
  return {
    'rx-usecs': coalesce['rx-usecs'] ?? null,
    'tx-usecs': coalesce['tx-usecs'] ?? null,
    'adaptive-rx': isOn('use-adaptive-rx'),
    'adaptive-tx': isOn('use-adaptive-tx'),
  };
}

// igb has no adaptive switch; these times stand for its two adaptive modes (igb_ethtool.c, igb_set_coalesce).
const igbModes: Readonly<Record<number, string>> = { 1: 'igb adapts', 3: 'igb adapts, conservatively' };

/** What a time between interrupts comes to, in words. `isAdaptive` is whether the driver chooses the time by itself. */
export function rateWords(usecs: number, driver: string | null, isAdaptive: boolean): string {
  const mode = driver === 'igb' ? igbModes[usecs] : undefined;
  if (mode) return mode;
  const limit =
    usecs === 0
      ? 'not held back'
      : `at most ${Math.floor(1e6 / usecs)
          .toLocaleString('en-US')
          .replaceAll(',', '\u2009')}/s a vector`;
  return isAdaptive ? `adapts; if fixed, ${limit}` : limit;
}

/** A draft as a person typed it: text of the times, switches. */
export type ModerationDraft = Partial<Record<(typeof timeNames)[number], string> & Record<(typeof switchNames)[number], boolean>>;

/** What is wrong with a typed time in words, or null. */
export function timeFault(text: string | undefined): string | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!/^\d+$/.test(text.trim())) return 'whole microseconds are wanted';
  return value > 0xffff_ffff ? 'too long' : null;
}

/** What of a draft differs from what is; null when nothing does. */
export function changedParameters(draft: ModerationDraft, now: Moderation): CoalesceParameters | null {
  const parameters: { -readonly [name in keyof CoalesceParameters]: CoalesceParameters[name] } = {};
  for (const name of timeNames) {
    const text = draft[name];
    if (text !== undefined && timeFault(text) === null && Number(text) !== now[name]) parameters[name] = Number(text);
  }
  for (const name of switchNames) if (draft[name] !== undefined && draft[name] !== now[name]) parameters[name] = draft[name];
  return Object.keys(parameters).length > 0 ? parameters : null;
}

/** What turns adaptation on where it is off, or off; null where the driver has no such switch. */
export function toggledAdaptation(now: Moderation): CoalesceParameters | null {
  const offered = switchNames.filter((name) => now[name] !== null);
  if (offered.length === 0) return null;
  const isOn = offered.some((name) => now[name] === true);
  return Object.fromEntries(offered.map((name) => [name, !isOn]));
}
