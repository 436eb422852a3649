// What is looked for in the text of rows: words or a regular expression.
import { err, ok, type Result } from '#common/result.ts';

/** As the person wrote it. */
export interface SearchText {
  readonly text: string;
  readonly isRegex: boolean;
  readonly isCaseSensitive: boolean;
}

/** As the matcher takes it. */
export interface TextPattern {
  readonly source: string;
  /** Of a RegExp, without `g`. */
  readonly flags: string;
}

/** Nothing looked for. */
export const noSearch: SearchText = { text: '', isRegex: false, isCaseSensitive: false };

/** The pattern; null when nothing is looked for. The error is the browser's own word on what is wrong with the expression. */
export function patternOf({ text, isRegex, isCaseSensitive }: SearchText): Result<TextPattern | null, string> {
  const wanted = isRegex ? text : text.trim();
  if (wanted === '') return ok(null);
  const flags = isCaseSensitive ? '' : 'i';
  const source = isRegex ? wanted : wanted.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  try {
    new RegExp(source, flags);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return err(message.replace(/^Invalid regular expression: (?:\/.*\/\w*: )?/s, ''));
  }
  return ok({ source, flags });
}
