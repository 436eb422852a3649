// The application's promises (issue 5, section 3), each measured on the real thing. app/ has a file for each row.
import { loadavg } from 'node:os';
import { test } from 'vitest';
import { pressureWords, waitedMs } from './app/pressure.ts';
import { appTable, chosenRows, failedRows, jsonRows, type ShownRow, shownRows } from './app/row.ts';
import { rows } from './app/rows.ts';
import { writeJson } from './report.ts';

const note = (text: string) => process.stderr.write(`${text}\n`);
const load = () => loadavg()[0]?.toFixed(2);

test('the application keeps its promises', { timeout: 3 * 3_600_000 }, async () => {
  const shown: ShownRow[] = [];
  const isHour = process.env.RINGSCOPE_BENCH_HOUR === '1';
  const chosen = chosenRows(rows, process.env.RINGSCOPE_BENCH_ROWS);
  for (const [index, row] of chosen.entries()) {
    note(`${index + 1}/${chosen.length} ${row.id} (load ${load()})`);
    const [waited, begun] = [waitedMs(), performance.now()];
    const measured = await row
      .measure({ isHour, progress: (text) => note(`    ${text}`) })
      .then((finding) => {
        const words = pressureWords(waited, waitedMs(), performance.now() - begun);
        return shownRows(row, { ...finding, note: `${finding.note}${words}` });
      })
      .catch((error: unknown) => {
        note(`    ${error instanceof Error ? error.stack : error}`);
        return failedRows(row, error);
      });
    shown.push(...measured);
    writeJson(jsonRows(shown));
  }
  process.stdout.write(`\napp: load of the machine now ${load()}\n\n${appTable(shown)}\n\n`);
});
