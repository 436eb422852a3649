// The list of registers as rows: groups, registers, arrays with their elements, and below an open register what it does and its fields.
import type { FieldDescription, RegisterDescription } from '#common/registers/register-description.ts';
import { hexOffset, nameOf, type PlacedRegister, type RegisterFile } from '#common/registers/register-file.ts';
import type { RegisterView } from '../../state/register-view.ts';

/** One row. `key` is its own among all rows; `level` as a tree grid counts it, from 1. */
export type RegisterRow = { readonly key: string; readonly level: number } & (
  | { readonly kind: 'group'; readonly group: string; readonly isOpen: boolean; readonly count: number }
  | { readonly kind: 'array'; readonly description: RegisterDescription; readonly isOpen: boolean; readonly count: number }
  | { readonly kind: 'register'; readonly place: PlacedRegister; readonly isOpen: boolean }
  | { readonly kind: 'note'; readonly place: PlacedRegister; readonly about: 'read' | 'write' | 'facts' }
  | { readonly kind: 'bits'; readonly place: PlacedRegister }
  | { readonly kind: 'field'; readonly place: PlacedRegister; readonly field: FieldDescription }
);

/** What decides which rows there are. */
export interface RowsQuestion extends Pick<RegisterView, 'search' | 'filter' | 'closedGroups' | 'open'> {
  /** Whether a register passes the filter. */
  passes(place: PlacedRegister): boolean;
}

const rowHeights: Record<RegisterRow['kind'], number> = { group: 22, array: 20, register: 20, note: 20, bits: 22, field: 20 };
const sentenceHeight = 36;

/** Whether a note is one of the sentences that the description has, which get two lines. */
export const isSentence = ({ description }: PlacedRegister, about: 'read' | 'write' | 'facts'): boolean =>
  about === 'write' || (about === 'read' && description.readNote !== undefined);

/** Pixels of a row. */
export function heightOf(row: RegisterRow): number {
  return row.kind === 'note' && isSentence(row.place, row.about) ? sentenceHeight : rowHeights[row.kind];
}

const plain = (text: string) => text.toLowerCase();

function wordsOf(description: RegisterDescription, group: string): string {
  const fields = description.fields
    .map(({ name, meaning, values = {} }) => `${name} ${meaning} ${Object.values(values).join(' ')}`)
    .join(' ');
  return plain(`${description.name} ${description.title} ${group} ${fields}`);
}

/** Offsets are found with and without their leading zeros. */
const placeWords = ({ name, offset }: PlacedRegister) => plain(`${name} ${hexOffset(offset)} 0x${offset.toString(16)}`);

/** The elements that a search finds: all when the words are those of the description, else the ones that are meant by number or offset. */
export function found(
  description: RegisterDescription,
  group: string,
  places: readonly PlacedRegister[],
  search: string,
): readonly PlacedRegister[] {
  const words = plain(search).split(/\s+/).filter(Boolean);
  const ofAll = wordsOf(description, group);
  const rest = words.filter((word) => !ofAll.includes(word));
  if (rest.length === 0) return places;
  return places.filter((place) => {
    const own = placeWords(place);
    return rest.every((word) => own.includes(word));
  });
}

function detailRows(place: PlacedRegister, level: number): RegisterRow[] {
  const key = `offset ${place.offset}`;
  const notes = (['read', 'write', 'facts'] as const).map(
    (about): RegisterRow => ({ kind: 'note', key: `${key} ${about}`, level, place, about }),
  );
  const fields = [...place.description.fields]
    .sort((a, b) => b.bit - a.bit)
    .map((field): RegisterRow => ({ kind: 'field', key: `${key} ${field.name}`, level, place, field }));
  return [...notes, { kind: 'bits', key: `${key} bits`, level, place }, ...fields];
}

function registerRows(place: PlacedRegister, level: number, open: ReadonlySet<string>): RegisterRow[] {
  const key = `offset ${place.offset}`;
  const isOpen = open.has(key);
  return [{ kind: 'register', key, level, place, isOpen }, ...(isOpen ? detailRows(place, level + 1) : [])];
}

/** All rows, in the order of the description. */
export function rowsOf(file: RegisterFile, { search, filter, closedGroups, open, passes }: RowsQuestion): readonly RegisterRow[] {
  const isNarrowed = search.trim() !== '' || filter !== 'all';
  return file.groups.flatMap(({ group, registers }): RegisterRow[] => {
    const isOpen = !closedGroups.has(group);
    let count = 0;
    const below = registers.flatMap((description): RegisterRow[] => {
      const all = file.places(description);
      const places = found(description, group, all, search).filter(passes);
      count += places.length;
      if (places.length === 0 || !isOpen) return [];
      const [first] = places;
      if (!description.array && first) return registerRows(first, 2, open);
      const key = `array ${description.offset}`;
      // Some of an array's elements are what was looked for, so they are shown; all of them are not.
      const isArrayOpen = open.has(key) || (isNarrowed && places.length < all.length);
      const row: RegisterRow = { kind: 'array', key, level: 2, description, isOpen: isArrayOpen, count: places.length };
      return [row, ...(isArrayOpen ? places.flatMap((place) => registerRows(place, 3, open)) : [])];
    });
    return count === 0 ? [] : [{ kind: 'group', key: `group ${group}`, level: 1, group, isOpen, count }, ...below];
  });
}

/** The registers that rows stand for, elements of closed arrays too: what is exported is what is listed. */
export function placesListed(file: RegisterFile, { search, passes }: Pick<RowsQuestion, 'search' | 'passes'>): readonly PlacedRegister[] {
  return file.groups.flatMap(({ group, registers }) =>
    registers.flatMap((description) => found(description, group, file.places(description), search).filter(passes)),
  );
}

/** A row's name, for people who hear it and for copying. */
export function rowName(row: RegisterRow): string {
  switch (row.kind) {
    case 'group':
      return row.group;
    case 'array':
      return nameOf(row.description);
    case 'field':
      return `${row.place.name}.${row.field.name}`;
    default:
      return row.place.name;
  }
}
