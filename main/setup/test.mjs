// `npm test`: prepares what is missing, then every suite in order, cheapest first; all run even when one fails. Ends with one plain line of counts.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { driverCoverage } from '../../driver/lab/coverage.mjs';
import { run, runInside } from '../../driver/lab/run.mjs';
import { cargoBinds } from '../../driver/lab/steps.mjs';
import { checkout } from './application.mjs';
import { prepare } from './prepare.mjs';
import { reportFailure } from './progress.mjs';

const echo = (line) => process.stdout.write(`${line}\n`);
const scratch = mkdtempSync(join(tmpdir(), 'ringscope-test-'));

/** A check that either holds or not: one test. */
const whole = (program, args) => async () => {
  await run(program, args, { cwd: checkout, onLine: echo });
  return { passed: 1, failed: 0, skipped: [] };
};

/** What failed, each with the first line of its error: printed again at the very end, where whoever has only the end of the output finds it. */
const failedTests = (result) =>
  result.testResults.flatMap((file) => {
    const named = file.assertionResults.filter((test) => test.status === 'failed');
    const where = relative(checkout, file.name);
    if (named.length === 0) return file.status === 'failed' ? [`${where}: ${firstLine(file.message)}`] : [];
    return named.map((test) => `${where} > ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`);
  });

const firstLine = (text) => (text ?? '').split('\n', 1)[0] || 'no message';

const cargo = (lab, args, count) => async () => {
  const binds = cargoBinds();
  const output = await runInside(lab.root, ['sh', '-c', `cd /mnt/driver && exec ${args}`], {
    ...binds,
    environment: { ...binds.environment, RINGSCOPE_AGENT_TESTS: 'inside-build-root' },
    onLine: echo,
    describe: args,
  });
  return count(output);
};

function countCargo(output) {
  const sum = { passed: 0, failed: 0, skipped: [], failures: [] };
  for (const match of output.matchAll(/test result: \w+\. (\d+) passed; (\d+) failed/g)) {
    sum.passed += Number(match[1]);
    sum.failed += Number(match[2]);
  }
  for (const match of output.matchAll(/^test (.+) \.\.\. FAILED$/gm)) sum.failures.push(match[1]);
  for (const match of output.matchAll(/^test (.+) \.\.\. ignored(?:, (.*))?$/gm))
    sum.skipped.push(`${match[1]}: ${match[2] ?? 'no reason given'}`);
  return sum;
}

/** Every file of the driver's rings is one test: it fails when less than 95 % of its lines are run on the host. The registers' files are only listed. */
const coverage = (lab) => async () => {
  const files = await driverCoverage(lab.root, echo);
  for (const { name, lines, covered } of files) echo(`${name}: ${covered} of ${lines} lines (${((100 * covered) / lines).toFixed(1)} %)`);
  const rings = files.filter(({ name }) => name.startsWith('ring/'));
  const bare = rings.filter(({ lines, covered }) => covered < 0.95 * lines);
  return { passed: rings.length - bare.length, failed: rings.length === 0 ? 1 : bare.length, skipped: [] };
};

const vitest = (project, environment) => async () => {
  const report = join(scratch, `${project}.json`);
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'tests/vitest.config.ts', '--project', project, '--passWithNoTests'];
  let failure = null;
  try {
    await run(process.execPath, [...args, '--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`], {
      cwd: checkout,
      env: { ...process.env, ...environment, NO_COLOR: '1' },
      onLine: echo,
    });
  } catch (error) {
    failure = error;
  }
  if (!existsSync(report)) throw failure ?? new Error(`vitest wrote no report for ${project}`);
  const result = JSON.parse(readFileSync(report, 'utf8'));
  const skipped = result.testResults.flatMap((file) =>
    file.assertionResults.filter((test) => test.status !== 'passed' && test.status !== 'failed').map((test) => test.fullName),
  );
  // A file that cannot even be loaded fails no single test: it counts as one.
  const failed = Math.max(result.numFailedTests, failure ? 1 : 0);
  return { passed: result.numPassedTests, failed, skipped, failures: failedTests(result) };
};

try {
  const lab = await prepare();
  const environment = { RINGSCOPE_AGENT: lab.agent, RINGSCOPE_PREPARED: '1' };
  const suites = [
    ['format, lint and import fences (Biome)', whole(process.execPath, ['node_modules/@biomejs/biome/bin/biome', 'check', '.'])],
    ['types (TypeScript)', whole(process.execPath, ['node_modules/typescript/bin/tsc', '--build', 'tsconfig.json'])],
    ['Rust format', cargo(lab, 'cargo fmt --all --check', () => ({ passed: 1, failed: 0, skipped: [] }))],
    [
      'Rust lint',
      cargo(lab, 'cargo clippy --locked --workspace --all-targets -- -D warnings', () => ({ passed: 1, failed: 0, skipped: [] })),
    ],
    ['Rust tests', cargo(lab, 'cargo test --locked --workspace --no-fail-fast', countCargo)],
    ['coverage of the driver’s rings', coverage(lab)],
    ...['unit', 'renderer', 'integration', 'electron', 'package', 'lab', 'e2e'].map((project) => [
      `${project} tests`,
      vitest(project, environment),
    ]),
  ];
  const total = { passed: 0, failed: 0, skipped: [], failures: [] };
  const rows = [];
  for (const [title, suite] of suites) {
    const begun = Date.now();
    echo(`\n── ${title}`);
    let result;
    try {
      result = await suite();
    } catch (error) {
      reportFailure(error);
      const counted = error.output ? countCargo(error.output) : { passed: 0, failed: 0, skipped: [], failures: [] };
      result = { ...counted, failed: Math.max(1, counted.failed) };
      if (counted.failures.length === 0) result.failures = [firstLine(error.message)];
    }
    rows.push([title, result, Math.round((Date.now() - begun) / 1000)]);
    total.passed += result.passed;
    total.failed += result.failed;
    total.skipped.push(...result.skipped);
    total.failures.push(...(result.failures ?? []).map((failure) => `${title}: ${failure}`));
  }
  echo('');
  for (const [title, { passed, failed, skipped }, seconds] of rows)
    echo(`${failed ? '✕' : '✓'} ${title}: ${passed} passed, ${failed} failed, ${skipped.length} skipped (${seconds} s)`);
  for (const name of total.skipped) echo(`  skipped: ${name}`);
  for (const failure of total.failures) echo(`  failed: ${failure}`);
  echo(`${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped`);
  process.exitCode = total.failed > 0 ? 1 : 0;
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
