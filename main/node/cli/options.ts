// Options that several commands share, and what is accepted for them.
import { UsageError } from './command.ts';

/** A PCI address, or null where none was given; else a UsageError. */
export function deviceAddress(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!/^[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/.test(text))
    throw new UsageError(`--device takes a PCI address such as 0000:01:00.0, not "${text}"`);
  return text;
}
