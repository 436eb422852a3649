// An autopsy as text for a bug tracker or a colleague: Markdown, everything that matters on one page.
import { evidenceText } from '#common/alerts/alert.ts';
import type { AutopsyDocument, ExplainedCause } from '#common/autopsy/autopsy-document.ts';
import type { FrozenRing } from '#common/autopsy/frozen-case.ts';
import { hex } from '#common/autopsy/registers.ts';

const seconds = (value: number): string => value.toFixed(6);
const positionsShown = 20;
const linesShown = 60;

/** Text within a cell of a table. */
const cell = (text: string | number): string => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `| ${head.map(() => '---').join(' | ')} |`,
  ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
];

function causeLines(cause: ExplainedCause): string[] {
  return [
    `${cause.text} (${cause.confidence})`,
    '',
    ...cause.evidence.map((one) => `- ${seconds(one.atSeconds)} s: ${evidenceText(one)}`),
    '',
    `Next: ${cause.next}`,
  ];
}

function ringLines({ kind, index, descriptorCount, history, states, descriptors, generation }: FrozenRing): string[] {
  const { hardware, done, free, error } = states;
  return [
    `### ${kind.toUpperCase()} queue ${index}`,
    '',
    `${descriptorCount} descriptors, set up ${generation} times: ${hardware} the card’s, ${done} done, ${free} free, ${error} with errors.`,
    '',
    ...table(
      ['s since boot', 'head', 'tail', 'next_to_use', 'next_to_clean'],
      history.slice(-positionsShown).map((at) => [seconds(at.atSeconds), at.head, at.tail, at.nextToUse, at.nextToClean]),
    ),
    '',
    ...table(
      ['descriptor', 'state', 'bytes'],
      descriptors.map((one) => [one.index, one.state, one.raw]),
    ),
    '',
  ];
}

/** The page. */
export function autopsyMarkdown({ title, when, likelyCause, otherCauses, excluded, missing, frozen }: AutopsyDocument): string {
  const { rings, registers, vectors, rates, log, link } = frozen;
  const [own] = rings;
  const date = when.unixMs === null ? '' : ` (${new Date(when.unixMs).toISOString()})`;
  const lines = [
    `# ${title}`,
    '',
    `${frozen.trigger} At ${seconds(when.secondsSinceBoot)} s since boot${date}.`,
    '',
    `${frozen.device}, ${frozen.interface ?? 'no interface'}, driver ${frozen.driver ?? 'none'}, kernel ${frozen.kernel ?? 'unknown'}, link ${link?.carrier === null || !link ? 'unknown' : link.carrier ? `up ${link.speedMbps ?? '?'} Mb/s` : 'down'}.`,
    '',
    '## Likely cause',
    '',
    ...(likelyCause
      ? [`**${likelyCause.title}.** `, ...causeLines(likelyCause)]
      : ['None of the known causes fits. What was seen is below.']),
    '',
    ...otherCauses.flatMap((cause) => [`### Also: ${cause.title}`, '', ...causeLines(cause), '']),
    `Asked and excluded: ${excluded.join('; ')}.`,
    ...(missing.length > 0 ? ['', ...missing.map((one) => `- Not known: ${one}`)] : []),
    '',
    '## What was seen',
    '',
    ...(own ? ringLines(own) : []),
    ...(vectors.length > 0
      ? [
          '### Vectors',
          '',
          ...table(
            ['vector', 'IRQ', 'for', 'handled', 'for nothing', 'polls'],
            vectors.map(({ vector, irq, roles, queue, history }) => {
              const newest = history.at(-1);
              return [vector, irq, `${roles.join(' ')} ${queue ?? ''}`, newest?.handled ?? '', newest?.spurious ?? '', newest?.polls ?? ''];
            }),
          ),
          '',
        ]
      : []),
    ...(rates
      ? [
          `### Rates from ${seconds(rates.fromSeconds)} to ${seconds(rates.toSeconds)} s`,
          '',
          ...table(
            ['what', 'a second'],
            [
              ...rates.interrupts.map(({ irq, name, perSecond }) => [`${name} (IRQ ${irq})`, perSecond.toFixed(1)]),
              ...rates.softirqs.map(({ name, perSecond }) => [`softirq ${name}`, perSecond.toFixed(1)]),
            ],
          ),
          '',
          ...table(
            ['counter', 'value', 'rose by'],
            rates.counters.map(({ name, value, by }) => [name, value, by]),
          ),
          '',
        ]
      : []),
    ...(registers
      ? [
          `### Registers at ${seconds(registers.atSeconds)} s`,
          '',
          '```',
          ...registers.values.map(({ offset, value }) => `${offset.toString(16).padStart(5, '0')}  ${hex(value)}`),
          '```',
          '',
        ]
      : []),
    '### Kernel log',
    '',
    '```',
    ...log.slice(-linesShown).map(({ atSeconds, level, text }) => `${seconds(atSeconds)} <${level}> ${text}`),
    '```',
    '',
  ];
  return lines.join('\n');
}
