// Where in the rows on the screen the searched and the marked words stand. The matcher finds it, so it comes a moment after the row.
import type { TextMatcher } from './text-matcher.ts';
import type { TextPattern } from './text-pattern.ts';

const keptMost = 2000;
const none: readonly number[] = [];

/** Ranges by row for one pattern. */
export class RowHighlights {
  readonly #matcher: TextMatcher;
  readonly #changed: () => void;
  #pattern: TextPattern | null = null;
  #ranges = new Map<number, readonly number[]>();
  #asked = new Set<number>();

  constructor(matcher: TextMatcher, changed: () => void) {
    this.#matcher = matcher;
    this.#changed = changed;
  }

  /** Starts and ends in turn; empty as long as nothing is known. */
  of(number: number): readonly number[] {
    return this.#ranges.get(number) ?? none;
  }

  /** These rows are on the screen. */
  want(pattern: TextPattern | null, rows: readonly { readonly number: number; readonly text: string }[]): void {
    if (pattern !== this.#pattern) {
      this.#pattern = pattern;
      this.#ranges = new Map();
      this.#asked = new Set();
    }
    if (!pattern) return;
    if (this.#ranges.size > keptMost) {
      this.#ranges.clear();
      this.#asked.clear();
    }
    const asked = this.#asked;
    const fresh = rows.filter(({ number }) => !asked.has(number));
    if (fresh.length === 0) return;
    for (const { number } of fresh) asked.add(number);
    this.#matcher.ask({ type: 'ranges', pattern, rows: fresh.map(({ text }) => text) }, [], (answer) => {
      if (answer?.type !== 'ranges' || asked !== this.#asked) return;
      fresh.forEach(({ number }, index) => void this.#ranges.set(number, answer.ranges[index] ?? []));
      this.#changed();
    });
  }
}

/** A piece of a text and what was found in it. */
export interface TextPiece {
  /** Where it begins in the text. */
  readonly at: number;
  readonly text: string;
  readonly isHit: boolean;
  readonly isMarked: boolean;
}

const covers = (ranges: readonly number[], at: number) =>
  ranges.some((start, index) => index % 2 === 0 && start <= at && at < (ranges[index + 1] ?? 0));

/** Cuts a text where either kind of range begins or ends. */
export function piecesOf(text: string, hits: readonly number[], marks: readonly number[]): TextPiece[] {
  const edges = [...new Set([0, ...hits, ...marks, text.length])].filter((edge) => edge <= text.length).sort((a, b) => a - b);
  return edges.slice(0, -1).map((at, index) => ({
    at,
    text: text.slice(at, edges[index + 1]),
    isHit: covers(hits, at),
    isMarked: covers(marks, at),
  }));
}
