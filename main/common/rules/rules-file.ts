// Assertions as code: the file that `ringscope check` and the Alerts panel read. README.md here says what each rule means.
import '#common/jitless.ts';
import { z } from 'zod';
import { err, ok, type Result } from '#common/result.ts';

const selectors = {
  /** What the rule is called in results; its own words otherwise. */
  name: z.string().min(1).max(100).optional().describe('What the rule is called in results.'),
  device: z
    .string()
    .min(1)
    .max(40)
    .optional()
    .describe(
      'A PCI address (0000:01:00.0) or the name of an interface (eth0). Without it: the devices whose driver shows its rings, or all where none does.',
    ),
};
const queue = z
  .string()
  .regex(/^(rx|tx)(:\d{1,4})?$/)
  .optional()
  .describe('A ring, rx:0, or all of a kind, tx.');
const limit = z.number().min(0);
const longestMs = 600_000;

const counted = {
  equals: z.literal(0).optional().describe('No such counter may rise.'),
  atMost: z.int().min(0).optional().describe('No such counter may rise by more.'),
};

/** All rules by name. */
export const rule = z.discriminatedUnion('rule', [
  z
    .strictObject({ rule: z.literal('queue-stuck'), ...selectors, queue, forMs: z.number().min(1).max(longestMs).default(1000) })
    .describe('No queue has work and stands still for so long.'),
  z.strictObject({ rule: z.literal('tx-timeout'), ...selectors, queue }).describe('The kernel gives no transmit queue up.'),
  z
    .strictObject({
      rule: z.literal('interrupts-per-second'),
      ...selectors,
      below: limit.describe('Interrupts a second, over every second.'),
      of: z.enum(['device', 'vector']).default('device').describe('Of all vectors of a device together, or of each.'),
    })
    .describe('Interrupts stay below a rate.'),
  z
    .strictObject({ rule: z.literal('drops'), ...selectors, queue, ...counted })
    .describe('No frame is dropped, by any counter that tells of it.'),
  z.strictObject({ rule: z.literal('errors'), ...selectors, queue, ...counted }).describe('No error counter rises.'),
  z
    .strictObject({ rule: z.literal('link-stable'), ...selectors, up: z.boolean().optional().describe('And the link is up in the end.') })
    .describe('The link does not change.'),
  z
    .strictObject({
      rule: z.literal('frames-per-second'),
      ...selectors,
      direction: z.enum(['receive', 'transmit']).describe('Seen from the device.'),
      above: limit.optional(),
      below: limit.optional(),
    })
    .describe('The mean rate of frames, over the whole check, lies within limits.'),
  z
    .strictObject({
      rule: z.literal('log-quiet'),
      ...selectors,
      level: z.enum(['emergency', 'alert', 'critical', 'error', 'warning', 'notice']).default('error'),
      except: z.array(z.string().min(1)).optional().describe('Lines that hold one of these texts do not count.'),
    })
    .describe('The kernel logs nothing of this level or worse.'),
  z
    .strictObject({ rule: z.literal('agent-gap'), name: selectors.name, forMs: z.number().min(1).max(longestMs).default(3000) })
    .describe('Samples come without a longer gap, and nothing is lost.'),
]);
export type Rule = z.infer<typeof rule>;

/** The file. */
export const rulesFile = z.strictObject({
  $schema: z.string().optional(),
  rules: z.array(rule).min(1).max(200),
});
export type RulesFile = z.infer<typeof rulesFile>;

/** Reads the text of a rules file; the error is a sentence that names the place. */
export function readRules(text: string): Result<RulesFile, string> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return err(`The rules are no JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const read = rulesFile.safeParse(content);
  if (read.success) return ok(read.data);
  const issue = read.error.issues[0];
  const place = issue?.path.map((step) => (typeof step === 'number' ? `[${step + 1}]` : `.${String(step)}`)).join('') ?? '';
  return err(`The rules are not understood${place === '' ? '' : ` at ${place.replace(/^\./, '')}`}: ${issue?.message ?? 'unknown'}.`);
}

/** How a rule is called: its name, or its words as they stand in the file. */
export function ruleLabel(asked: Rule): string {
  if (asked.name !== undefined) return asked.name;
  const words = Object.entries(asked).flatMap(([key, value]) => (key === 'rule' || value === undefined ? [] : [`${key} ${String(value)}`]));
  return [asked.rule, ...words].join(', ').replace(', ', ' ');
}

/** The JSON schema of the file, for editors. */
export const rulesJsonSchema = (): object => ({
  title: 'Rules of Ringscope',
  description: 'Assertions on a network driver; see `ringscope check --help`.',
  ...z.toJSONSchema(rulesFile, { io: 'input' }),
});
