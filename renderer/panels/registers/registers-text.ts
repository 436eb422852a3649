// Registers as text for other programs: CSV of what is listed, and lines for a mail.
import { bitsOf, fieldsOf, hexOffset, hexWord, type PlacedRegister } from '#common/registers/register-file.ts';
import { formatLogTime } from '../../ui/format.ts';
import { formatInBase } from '../../ui/number-base.ts';
import { csvOf } from '../../ui/table-text.ts';
import { shownValue, type ValueSources } from './register-value.ts';

const atSeconds = (seconds: number | null | undefined) =>
  seconds === null || seconds === undefined || Number.isNaN(seconds) ? '' : formatLogTime(BigInt(Math.round(seconds * 1e6)));

/** CSV with a header: one register a line. Where nothing was read the last column says why. Times are seconds since boot. */
export function registersCsv(places: readonly PlacedRegister[], sources: ValueSources, device: string): string {
  const { tracked, seconds } = sources;
  const readAt = atSeconds(seconds ?? tracked?.newestSeconds);
  const lines = places.map((place) => {
    const { value, title, kind } = shownValue(place, sources);
    const changed = tracked?.lastChange(place.offset, 0xffff_ffff, seconds);
    const { title: what, access, read } = place.description;
    const cells = [
      ...[device, place.group, place.name, hexOffset(place.offset)],
      ...[value === null ? '' : `0x${value.toString(16).padStart(8, '0')}`, value === null ? '' : String(value)],
      ...[value === null ? '' : readAt, atSeconds(changed?.seconds)],
      ...[access, read, what, kind === 'read' ? '' : title],
    ];
    return cells;
  });
  const header = 'device,group,register,offset,hex,decimal,read_at_s,last_changed_s,access,read_effect,title,why_not_read';
  return csvOf([header.split(','), ...lines]);
}

/** One register with its fields, line by line. */
export function registerText(place: PlacedRegister, sources: ValueSources): string {
  const { value, text, title } = shownValue(place, sources);
  const head = `${place.name} (${hexOffset(place.offset)}) ${value === null ? `${text}. ${title}` : `= ${hexWord(value)}`}`;
  if (value === null) return head;
  const fields = fieldsOf(place.description, value).map((field) => {
    const word = field.word === null ? '' : ` ${field.word}`;
    return `  ${bitsOf(field).padStart(5)} ${field.name} = ${formatInBase(field.value, sources.base)}${word}`;
  });
  return [head, ...fields].join('\n');
}

/** All that was read, one line a register. */
export function registersText(places: readonly PlacedRegister[], sources: ValueSources): string {
  return places
    .flatMap((place) => {
      const { value } = shownValue(place, sources);
      return value === null ? [] : [`${hexOffset(place.offset)} ${place.name.padEnd(12)} ${hexWord(value)}`];
    })
    .join('\n');
}
