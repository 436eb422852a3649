// tests/lab/kselftest.md: the complete comparison as it is committed.
import { type ComparedCase, compareRuns } from './comparison.ts';
import { type KnownLimit, limitOf } from './known-limits.ts';
import { countsOf, type FileRuns } from './report.ts';
import { totalsOf } from './test-case.ts';

/** A name and its value, such as `QEMU` and `10.0.2`. */
export type Versions = Readonly<Record<string, string>>;

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');
const row = (...cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;

const because: Readonly<Record<KnownLimit['because'], string>> = { card: 'the card', model: "QEMU's model", test: 'the test' };

/** Cases of one file that ended alike for the same reasons. */
interface Group extends Omit<ComparedCase, 'name'> {
  readonly names: string[];
  readonly limit: KnownLimit | null;
}

function groupsOf(file: string, cases: readonly ComparedCase[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { name, ...ended } of cases) {
    const limit = limitOf(file, name);
    const key = JSON.stringify([ended, limit?.evidence]);
    const group = groups.get(key) ?? { ...ended, names: [], limit };
    group.names.push(name);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The raw output has the rest. */
const longestReason = 240;

function reasonOf(group: Group): string {
  const told = [
    ...(group.igb === 'pass' || group.igbReason === '' ? [] : [`igb: ${group.igbReason}`]),
    ...(group.rigb === 'pass' || group.rigbReason === '' || group.rigbReason === group.igbReason ? [] : [`rigb: ${group.rigbReason}`]),
  ];
  const text = told.join('; ');
  return text.length > longestReason ? `${text.slice(0, longestReason)} …` : text;
}

function caseTable(files: readonly FileRuns[], isWanted: (one: ComparedCase) => boolean): readonly string[] {
  const rows = files.flatMap(({ file, igb, rigb }) =>
    groupsOf(file.name, compareRuns(igb, rigb).filter(isWanted)).map((group) =>
      row(
        file.name,
        group.names.length > 1 ? `${group.names.length} cases: ${group.names.join(', ')}` : (group.names[0] ?? ''),
        group.igb ?? '',
        group.rigb ?? '',
        reasonOf(group) + (group.limit ? ` (cannot pass: ${because[group.limit.because]})` : ''),
      ),
    ),
  );
  return rows.length === 0 ? ['None.'] : [row('file', 'case', 'igb', 'rigb', 'reason'), '|---|---|---|---|---|', ...rows];
}

function limitTable(files: readonly FileRuns[], limits: readonly KnownLimit[]): readonly string[] {
  const rows = limits.flatMap((limit) => {
    const runs = files.find(({ file }) => file.name === limit.file);
    const names = compareRuns(runs?.igb ?? null, runs?.rigb ?? null)
      .filter(({ name, rigb }) => rigb !== 'pass' && limitOf(limit.file, name, [limit]))
      .map(({ name }) => name);
    return names.length === 0
      ? []
      : [row(limit.file, String(names.length), limit.cases.join(', '), because[limit.because], limit.evidence)];
  });
  return rows.length === 0 ? ['None.'] : [row('file', 'cases', 'which', 'because of', 'evidence'), '|---|---|---|---|---|', ...rows];
}

/** The document. `files` are complete: both drivers have run each. */
export function kselftestDocument(files: readonly FileRuns[], date: string, versions: Versions, limits: readonly KnownLimit[]): string {
  const compared = files.map((runs) => ({ runs, cases: compareRuns(runs.igb, runs.rigb) }));
  const countOf = (cases: readonly ComparedCase[], wanted: 'won' | 'lost') => cases.filter(({ verdict }) => verdict === wanted).length;
  const all = compared.flatMap(({ cases }) => cases);
  const won = countOf(all, 'won');
  const lost = countOf(all, 'lost');
  const totals = (driver: 'igb' | 'rigb') => {
    const { pass, fail, skip, xfail } = totalsOf(files.flatMap((runs) => runs[driver]?.cases ?? []));
    return `${pass} / ${fail} / ${skip} / ${xfail}`;
  };
  const summary = compared.map(({ runs, cases }) =>
    row(runs.file.name, countsOf(runs.igb), countsOf(runs.rigb), String(countOf(cases, 'won')), String(countOf(cases, 'lost'))),
  );
  const unfinished = files.flatMap(({ file, igb, rigb }) =>
    [igb, rigb].flatMap((run, index) => {
      const driver = index === 0 ? 'igb' : 'rigb';
      return [
        ...(run?.incomplete ? [`- ${file.name}, ${driver}: did not finish: ${run.incomplete}`] : []),
        ...(run?.complaints ?? []).map((line) => `- ${file.name}, ${driver}: the kernel said: \`${line}\``),
      ];
    }),
  );
  return `${[
    "# The kernel's own driver tests on igb and on rigb",
    '',
    `Written by \`npm run test:kselftest\` on ${date}; not edited. ${Object.entries(versions)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}.`,
    '',
    `rigb passes ${won} cases that igb does not pass, and fails ${lost} that igb passes.`,
    '',
    'Counts are passed / failed / skipped / expected failures; `!` marks a file that did not finish; absent is a case that a run does not have. Both drivers find the same: the same guest, port 0 bound by driver_override',
    '(for net/forwarding the switch or router ports), the other ports with the in-tree igb, both drivers loaded anew before each file.',
    '',
    row('file', 'igb', 'rigb', 'won', 'lost'),
    '|---|---|---|---|---|',
    ...summary,
    row('all', totals('igb'), totals('rigb'), String(won), String(lost)),
    '',
    '## Files that did not finish, and what the kernel complained of',
    '',
    ...(unfinished.length === 0 ? ['None.'] : unfinished),
    '',
    '## Cases in which the two differ',
    '',
    ...caseTable(files, ({ igb, rigb }) => igb !== rigb),
    '',
    '## Cases that neither passes',
    '',
    ...caseTable(files, ({ igb, rigb }) => igb === rigb && igb !== 'pass'),
    '',
    '## Cases that cannot pass',
    '',
    'Not for want of a driver: the card does not have what they test, or the model of it in QEMU does not, or the test asks for something else.',
    '',
    ...limitTable(files, limits),
  ].join('\n')}\n`;
}
