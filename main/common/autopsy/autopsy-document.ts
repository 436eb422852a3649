// The finished page of an autopsy: what was concluded, by what, and everything that was looked at. It is saved as JSON and opened again.
import '#common/jitless.ts';
import { z } from 'zod';
import { frozenCase } from '#common/autopsy/frozen-case.ts';
import { err, ok, type Result } from '#common/result.ts';

const evidenceItem = z.object({
  what: z.string(),
  value: z.union([z.number(), z.string()]),
  unit: z.string(),
  atSeconds: z.number(),
});

const explanation = z.object({
  id: z.string(),
  title: z.string(),
  confidence: z.enum(['certain', 'likely', 'possible']),
  text: z.string(),
  next: z.string(),
  evidence: z.array(evidenceItem),
});

/** The document. */
export const autopsyDocument = z.object({
  format: z.literal('ringscope-autopsy'),
  version: z.literal(1),
  title: z.string(),
  when: z.object({ secondsSinceBoot: z.number(), unixMs: z.number().nullable() }),
  /** The surest cause that explains the case, of equally sure ones the first that is asked; null when none does. */
  likelyCause: explanation.nullable(),
  /** Others that the case would show too. */
  otherCauses: z.array(explanation),
  /** Causes that were asked and do not fit, by title. */
  excluded: z.array(z.string()),
  /** What was not known when it was made. */
  missing: z.array(z.string()),
  frozen: frozenCase,
});
export type AutopsyDocument = z.infer<typeof autopsyDocument>;
export type ExplainedCause = z.infer<typeof explanation>;

/** Reads a saved autopsy; the error is a sentence. */
export function readAutopsy(text: string): Result<AutopsyDocument, string> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return err('This is no saved autopsy: it is no JSON.');
  }
  const read = autopsyDocument.safeParse(content);
  if (read.success) return ok(read.data);
  const issue = read.error.issues[0];
  return err(`This is no saved autopsy of this version: ${issue?.path.join('.') || 'the document'}: ${issue?.message ?? 'unknown'}.`);
}
