// The cases that cannot pass because of the card or of QEMU's model of it, with the evidence; `known-limits.json` holds them.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const schema = z.array(
  z.object({
    file: z.string(),
    /** Names of cases; `*` stands for anything. */
    cases: z.array(z.string()).min(1),
    because: z.enum(['card', 'model', 'test']),
    evidence: z.string(),
  }),
);

/** Some cases of one file that no driver can pass here: the card lacks what they test, QEMU's model does, or the test itself asks for something else. */
export type KnownLimit = z.infer<typeof schema>[number];

/** All of them. */
export const knownLimits: readonly KnownLimit[] = schema.parse(
  JSON.parse(readFileSync(new URL('known-limits.json', import.meta.url), 'utf8')),
);

const toPattern = (name: string) =>
  new RegExp(
    `^${name
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );

/** The limit that a case falls under, or null. */
export function limitOf(file: string, name: string, limits: readonly KnownLimit[] = knownLimits): KnownLimit | null {
  return limits.find((limit) => limit.file === file && limit.cases.some((pattern) => toPattern(pattern).test(name))) ?? null;
}
