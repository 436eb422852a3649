// The application benchmark's arithmetic, table and arguments; what it measures is measured by itself.
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { benchArguments } from '../../../main/setup/bench-arguments.mjs';
import { clockBounds } from '../../perf/app/clock-bounds.ts';
import { hourAdds, partsOf } from '../../perf/app/hour-of-session.ts';
import { pressureWords, waitedMs } from '../../perf/app/pressure.ts';
import { shownMs } from '../../perf/app/queue-frames.ts';
import { firstLoad, staticImports } from '../../perf/app/renderer-size.ts';
import { appTable, type BenchRow, chosenRows, failedRows, isMet, jsonRows, shownRows } from '../../perf/app/row.ts';
import { mainThreadTasks } from '../../perf/main-thread-tasks.ts';
import { percentile, tableText } from '../../perf/report.ts';

const paint: BenchRow = {
  id: 'paint',
  goals: [{ row: 'first paint', unit: 'ms', goal: 800, bound: 'below' }],
  measure: () => Promise.reject(new Error('not asked for')),
};
const frames: BenchRow = {
  ...paint,
  id: 'frames',
  goals: [
    { row: 'frame', unit: 'ms', goal: 16.7, bound: 'below' },
    { row: 'long tasks', unit: '', goal: 0, bound: 'most' },
  ],
};

test('a percentile is a value that was measured, never one below the share', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1)]).toEqual([51, 100, 100]);
});

test('a percentile of nothing is no number', () => {
  expect(percentile([], 0.99)).toBeNaN();
});

test('a goal that must be undercut is missed by its own value, a goal of none is met by none', () => {
  const [frame, longTasks] = frames.goals;
  if (!frame || !longTasks) throw new Error('There are two goals.');
  expect([isMet(frame, 16.7), isMet(frame, 16.6), isMet(longTasks, 0), isMet(longTasks, 1)]).toEqual([false, true, true, false]);
});

test('a row that could not be measured says why and is not met', () => {
  expect(jsonRows(failedRows(paint, new Error('No Chromium is on PATH.\nat main')))).toEqual([
    { row: 'first paint', value: null, unit: 'ms', goal: 800, met: false, why: 'not measured: No Chromium is on PATH.' },
  ]);
});

test('a value that was measured without the promised load is shown, and is not met', () => {
  expect(jsonRows(shownRows(paint, { values: [10], note: 'only half of it', isInvalid: true }))).toEqual([
    { row: 'first paint', value: 10, unit: 'ms', goal: 800, met: false, why: 'only half of it' },
  ]);
});

test('a measured row is written with five fields and no more', () => {
  expect(jsonRows(shownRows(paint, { values: [700], note: 'five starts' }))).toEqual([
    { row: 'first paint', value: 700, unit: 'ms', goal: 800, met: true },
  ]);
});

test('the table has a line for each goal and one note for each measurement', () => {
  const shown = [
    ...shownRows(frames, { values: [16.67, 0], note: '600 frames' }),
    ...shownRows(paint, { values: [912], note: 'five starts' }),
  ];
  expect(appTable(shown).split('\n')).toEqual([
    '             value  unit    goal  met',
    'frame         16.7  ms    < 16.7  yes',
    'long tasks       0           ≤ 0  yes',
    '    600 frames',
    'first paint    912  ms     < 800  NO',
    '    five starts',
  ]);
});

test('columns of a table are as wide as their widest cell', () => {
  expect(
    tableText(
      [
        ['a', '1'],
        ['bbb', '100'],
      ],
      new Set([0]),
    ),
  ).toBe('a      1\nbbb  100');
});

test('rows are chosen by name, in the order in which they were named', () => {
  expect(chosenRows([paint, frames], 'frames,paint').map(({ id }) => id)).toEqual(['frames', 'paint']);
  expect(chosenRows([paint, frames], undefined)).toHaveLength(2);
  expect(() => chosenRows([paint, frames], 'frame')).toThrow('There is no row frame: paint, frames');
});

test('the options of a benchmark reach it in its environment', () => {
  expect(benchArguments(['app', '--json', 'a.json', '--rows', 'frames,paint', '--hour'], ['app', 'driver'])).toEqual({
    name: 'app',
    environment: { RINGSCOPE_BENCH_JSON: resolve('a.json'), RINGSCOPE_BENCH_ROWS: 'frames,paint', RINGSCOPE_BENCH_HOUR: '1' },
  });
});

test('an unknown benchmark is answered with those there are', () => {
  expect(() => benchArguments(['ap'], ['app', 'driver'])).toThrow('Name one benchmark: app, driver.');
});

test('what a script loads on demand is none of its imports', () => {
  const script = 'import{a as b}from"./a.js";import"./b.js";const c=()=>import("./terminal.js");export{b as d}from"./c.js";';
  expect(staticImports(script)).toEqual(['./a.js', './b.js', './c.js']);
});

test('the first load counts each file once, however often it is imported', () => {
  const files: Record<string, string> = {
    'index.html': '<script type="module" src="./assets/a.js"></script><link rel="modulepreload" href="./assets/b.js">',
    'assets/a.js': 'import{x}from"./b.js";import("./later.js")',
    'assets/b.js': 'import"./a.js";export{x}',
  };
  const sizes = firstLoad('index.html', (path) => Buffer.from(files[path] ?? ''));
  expect([...sizes.keys()]).toEqual(['index.html', 'assets/a.js', 'assets/b.js']);
});

test('a frame that came in its turn was shown for a turn, one that came late for as many as it took', () => {
  expect([16.6, 16.7, 17.9, 33.3, 50.1, 4].map((ms) => Math.round(shownMs(ms) * 10) / 10)).toEqual([16.7, 16.7, 16.7, 33.3, 50, 16.7]);
});

test('a clock lies between what was asked before and what was known after, by the quickest answers', () => {
  const questions = [
    { before: 1000, other: 10, after: 1030 },
    { before: 1100, other: 125, after: 1130 },
  ];
  expect(clockBounds(questions, 20, 500)).toEqual({ least: 990, most: 1005 });
});

test('what was asked long before says nothing of a clock', () => {
  const questions = [
    { before: 0, other: 0, after: 1 },
    { before: 9000, other: 8000, after: 9040 },
  ];
  expect(clockBounds(questions, 8100, 500)).toEqual({ least: 1000, most: 1040 });
});

test('of a recorded session the greeting is told once and the rest goes on', () => {
  const message = (channel: number, content: object) => ({
    channel,
    timeNs: 0n,
    payload: Buffer.from(JSON.stringify(content)),
  });
  const told = [
    message(0, { type: 'target' }),
    message(0, { type: 'hello' }),
    message(2, {}),
    message(0, { type: 'table' }),
    message(2, {}),
    message(6, {}),
    message(0, { type: 'cost' }),
  ];
  const { greeting, goingOn } = partsOf(told as never);
  expect(greeting).toEqual([told[1], told[3]]);
  expect(goingOn).toEqual([told[4], told[6]]);
});

test('a whole hour adds what was used at its end beyond its beginning', () => {
  const looks = [60, 1860, 3660].map((seconds, index) => ({ seconds, page: 20 + index * 3, main: 100 + index }));
  expect(hourAdds(looks)).toEqual({ whole: 8, secondHalf: 4, seconds: 3600 });
});

test('what was not told of an hour counts at the pace of the second half, and never as a relief', () => {
  const look = (seconds: number, page: number) => ({ seconds, page, main: 0 });
  expect(hourAdds([look(60, 10), look(960, 20), look(1860, 23)])).toEqual({ whole: 13 + 6, secondHalf: 3, seconds: 1800 });
  expect(hourAdds([look(60, 10), look(960, 20), look(1860, 15)])).toEqual({ whole: 5, secondHalf: -5, seconds: 1800 });
  expect(hourAdds([look(60, 10), look(960, 20)])).toBeNull();
});

test('the share of the time in which something waited for a processor is the kernel’s count over the clock’s', () => {
  const file = 'some avg10=45.50 avg60=74.97 avg300=80.45 total=14450708123\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n';
  expect(waitedMs(() => file)).toBe(14_450_708.123);
  expect(waitedMs(() => 'no such account')).toBeNull();
  expect(pressureWords(1000, 1250, 1000)).toBe('; something waited for a processor in 25 % of the time');
  expect(pressureWords(null, 1250, 1000)).toBe('');
});

test('the tasks of a page are those of the renderer that ran the most', () => {
  const thread = (pid: number) => ({ name: 'thread_name', ph: 'M', pid, tid: 1, args: { name: 'CrRendererMain' } });
  const task = (pid: number, tid: number, dur: number, tdur: number) => ({
    name: 'ThreadControllerImpl::RunTask',
    ph: 'X',
    pid,
    tid,
    dur,
    tdur,
  });
  const events = [
    thread(7),
    thread(8),
    task(7, 1, 90_000, 1000),
    task(8, 1, 60_000, 20_000),
    task(8, 2, 500_000, 400_000),
    task(8, 1, 1000, 500),
  ];
  expect(mainThreadTasks(events)).toEqual([
    { tookMs: 60, ranMs: 20 },
    { tookMs: 1, ranMs: 0.5 },
  ]);
});
