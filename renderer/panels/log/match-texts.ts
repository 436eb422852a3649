// The work on texts itself, the same in a worker and in a test: which rows match, and where.
import { decodeUtf8 } from '#common/text.ts';
import type { TextPattern } from './text-pattern.ts';

/** Rows of text: UTF-8 one after the other, with the end of each. */
export interface RowTexts {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

/** Rows are looked for one by one, so that what was found lies in one row. */
function* rowsOf({ bytes, ends }: RowTexts): Generator<string> {
  // Kernel lines are ASCII nearly always: then one decoding serves all, and a row is a part of it that shares its memory.
  const whole = decodeUtf8(bytes);
  const isAscii = whole.length === bytes.length;
  let start = 0;
  for (const end of ends) {
    yield isAscii ? whole.slice(start, end) : decodeUtf8(bytes.subarray(start, end));
    start = end;
  }
}

/** 1 for each row in which the pattern is found. */
export function findMatches({ source, flags }: TextPattern, texts: RowTexts): Uint8Array<ArrayBuffer> {
  const pattern = new RegExp(source, flags);
  const found = new Uint8Array(texts.ends.length);
  let index = 0;
  for (const text of rowsOf(texts)) {
    found[index] = pattern.test(text) ? 1 : 0;
    index += 1;
  }
  return found;
}

// More places in one row are of no use to anybody, and a pattern such as `.` would find one a letter.
const rangesMost = 64;

/** Where the pattern is found in a text: starts and ends in turn, in UTF-16 units. */
export function findRanges({ source, flags }: TextPattern, text: string): number[] {
  const ranges: number[] = [];
  for (const match of text.matchAll(new RegExp(source, `${flags}g`))) {
    if (match[0] === '') continue;
    ranges.push(match.index, match.index + match[0].length);
    if (ranges.length >= rangesMost * 2) break;
  }
  return ranges;
}

/** What the worker is asked. */
export type MatchRequest =
  | { readonly type: 'matches'; readonly pattern: TextPattern; readonly texts: RowTexts }
  | { readonly type: 'ranges'; readonly pattern: TextPattern; readonly rows: readonly string[] };

/** What it answers, in the order of the requests. */
export type MatchAnswer =
  | { readonly type: 'matches'; readonly found: Uint8Array<ArrayBuffer> }
  | { readonly type: 'ranges'; readonly ranges: readonly (readonly number[])[] };

/** Does what is asked. */
export function answerMatch(request: MatchRequest): MatchAnswer {
  return request.type === 'matches'
    ? { type: 'matches', found: findMatches(request.pattern, request.texts) }
    : { type: 'ranges', ranges: request.rows.map((row) => findRanges(request.pattern, row)) };
}
