import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import type { LogRecord } from '../../../../main/common/layouts/log-batch.ts';
import { LogView } from '../../../../renderer/panels/log/log-view.ts';
import { findRanges, type MatchAnswer } from '../../../../renderer/panels/log/match-texts.ts';
import { piecesOf } from '../../../../renderer/panels/log/row-highlights.ts';
import type { SliceClock } from '../../../../renderer/panels/log/row-scan.ts';
import { type MatchWorker, matcherInPlace, type TextMatcher, WorkerMatcher } from '../../../../renderer/panels/log/text-matcher.ts';
import { patternOf } from '../../../../renderer/panels/log/text-pattern.ts';
import { FrameLoop } from '../../../../renderer/state/frame-loop.ts';
import { KernelLog } from '../../../../renderer/state/kernel-log.ts';
import { chunkRows } from '../../../../renderer/state/log-chunk.ts';
import { warning } from '../../kernel-log/reports.ts';

/** Slices wait until a test lets them run. */
class HandClock implements SliceClock {
  readonly #waiting: (() => void)[] = [];
  #now = 0;
  /** Each look at the clock takes so long. */
  stepMs = 0;
  now(): number {
    this.#now += this.stepMs;
    return this.#now;
  }
  soon(run: () => void): void {
    this.#waiting.push(run);
  }
  slice(): boolean {
    const run = this.#waiting.shift();
    run?.();
    return run !== undefined;
  }
  all(): number {
    let slices = 0;
    while (this.slice()) slices += 1;
    return slices;
  }
}

let log: KernelLog;
let clock: HandClock;
let view: LogView;
let sequence = 0;

const write = (...lines: (string | Partial<LogRecord>)[]) =>
  log.add({
    lostRecords: 0n,
    records: lines.map((line) => {
      sequence += 1;
      const part = typeof line === 'string' ? { text: line } : line;
      const timeUs = BigInt(sequence * 1000);
      return {
        sequence: BigInt(sequence),
        timeUs,
        level: 6,
        facility: 0,
        isContinuation: false,
        text: '',
        device: '',
        subsystem: '',
        ...part,
      };
    }),
  });

const open = (matcher: TextMatcher = matcherInPlace) => {
  view = new LogView(log, matcher, clock);
  view.subscribe(() => undefined);
};

beforeEach(() => {
  sequence = 0;
  log = new KernelLog(new FrameLoop({ requestFrame: (run) => run(), afterPaint: (run) => run() }), { rows: chunkRows, textBytes: 1e9 });
  clock = new HandClock();
  open();
});

const shown = () => {
  clock.all();
  return Array.from({ length: view.shown.list.length }, (_, index) => {
    const row = log.row(view.shown.list.at(index));
    return row?.type === 'lost' ? `lost ${row.records}` : row?.text;
  });
};
const search = (text: string, more = {}) => ({ text, isRegex: false, isCaseSensitive: false, ...more });

test('a level shows itself and what is more severe', () => {
  write({ text: 'chatter', level: 7 }, { text: 'trouble', level: 3 }, { text: 'warning', level: 4 });
  view.filter({ maximumLevel: 4 });
  expect(shown()).toEqual(['trouble', 'warning']);
});

test('text is found whatever its case, and holes stay', () => {
  write('rigb: Link up', 'usb: nothing');
  log.missed(2);
  view.filter({ search: search(' link ') });
  expect(shown()).toEqual(['rigb: Link up', 'lost 2']);
});

test('case counts when that is asked for', () => {
  write('Link up', 'link down');
  view.filter({ search: search('link', { isCaseSensitive: true }) });
  expect(shown()).toEqual(['link down']);
});

test('a device and a subsystem are known from the record’s keys, also when they are met later', () => {
  write({ text: 'one', device: '+pci:0000:01:00.0', subsystem: 'pci' }, 'two');
  view.filter({ device: '+pci:0000:02:00.0' });
  write({ text: 'three', device: '+pci:0000:02:00.0', subsystem: 'pci' }, { text: 'four', device: 'n2', subsystem: 'net' });
  expect(shown()).toEqual(['three']);
  view.filter({ device: null, subsystem: 'pci' });
  expect(shown()).toEqual(['one', 'three']);
});

test('an expression that is none says why, and the list stays as it was', () => {
  write('a(b', 'c');
  view.filter({ search: search('a(', { isRegex: true }) });
  expect(view.faults.filter).toMatch(/group/i);
  expect(shown()).toEqual(['a(b', 'c']);
  view.filter({ search: search('a(') });
  expect(view.faults.filter).toBeUndefined();
  expect(shown()).toEqual(['a(b']);
});

test('after a changed filter only new rows are tested', () => {
  const ask = vi.fn(matcherInPlace.ask);
  open({ ask });
  write('link up', 'other');
  view.filter({ search: search('link') });
  clock.all();
  ask.mockClear();
  write('link down');
  expect(shown()).toEqual(['link up', 'link down']);
  expect(ask.mock.calls.map(([request]) => request.type === 'matches' && request.texts.ends.length)).toEqual([1]);
});

test('a long log is gone through in slices, with progress, and the list changes once all is there', () => {
  write(...Array.from({ length: 4000 }, (_, index) => (index % 2 ? 'odd' : { text: 'even', level: 3 })));
  clock.stepMs = 5;
  view.filter({ maximumLevel: 3 });
  expect(view.progress).toBeGreaterThan(0);
  expect(view.progress).toBeLessThan(1);
  expect(view.shown.list.length).toBe(4000);
  expect(clock.all()).toBeGreaterThan(3);
  expect([view.progress, view.shown.list.length]).toEqual([null, 2000]);
});

test('the filter finds what a plain loop finds, however lines come, filters change and rows are cut off', () => {
  const words = ['link up', 'Link down', 'usb', 'é link', ''];
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.record({ type: fc.constant('write' as const), count: fc.nat(3000), word: fc.constantFrom(...words), level: fc.nat(7) }),
          fc.record({ type: fc.constant('filter' as const), text: fc.constantFrom('', 'link', 'usb'), level: fc.nat(7) }),
          fc.record({ type: fc.constant('slice' as const) }),
        ),
        { maxLength: 12 },
      ),
      (steps) => {
        sequence = 0;
        log = new KernelLog(new FrameLoop({ requestFrame: (run) => run(), afterPaint: (run) => run() }), {
          rows: chunkRows,
          textBytes: 1e9,
        });
        clock = new HandClock();
        clock.stepMs = 3;
        open();
        for (const step of steps) {
          if (step.type === 'write')
            write(
              ...Array.from({ length: step.count }, (_, index) => ({ text: `${step.word} ${index}`, level: (step.level + index) % 8 })),
            );
          else if (step.type === 'filter') view.filter({ search: search(step.text), maximumLevel: step.level });
          else clock.slice();
        }
        clock.all();
        const { maximumLevel, search: wanted } = view.criteria;
        const expected: number[] = [];
        for (let number = log.firstNumber; number < log.endNumber; number += 1) {
          const row = log.row(number);
          if (row?.type === 'record' && row.level <= maximumLevel && row.text.toLowerCase().includes(wanted.text)) expected.push(number);
        }
        expect(Array.from({ length: view.shown.list.length }, (_, index) => view.shown.list.at(index))).toEqual(expected);
      },
    ),
    { numRuns: 25 },
  );
});

test('a report is one row until it is opened, lines of others stay where they are', () => {
  const [first = '', second = '', third = '', fourth = '', ...rest] = warning;
  write('before', first, { text: second, level: 4 }, third, fourth, 'another CPU', ...rest, 'after');
  expect(shown()).toEqual(['before', first, 'another CPU', 'after']);
  view.toggle(1);
  expect(shown()).toEqual(['before', first, second, third, fourth, 'another CPU', ...rest, 'after']);
  view.toggle(1);
  expect(shown()).toEqual(['before', first, 'another CPU', 'after']);
});

test('a report is shown when any of its lines passes the filter', () => {
  write('before', ...warning.map((text) => ({ text, level: 4 })), 'after');
  view.filter({ search: search('net_rx_action') });
  expect(shown()).toEqual([warning[0]]);
  expect(view.shown.passed.length).toBe(1);
});

test('an open report grows while it is written', () => {
  write(...warning.slice(0, 6).map((text) => ({ text, level: 4 })));
  view.toggle(1);
  write(...warning.slice(6));
  expect(shown()).toEqual(warning);
});

test('marked words are counted and stepped through in both directions and round the end', () => {
  write('eth0 up', 'noise', 'eth0 down', 'noise', 'eth0 up');
  view.markText(search('eth0'));
  clock.all();
  const first = log.firstNumber;
  expect(view.hits.length).toBe(3);
  expect([view.step(1), view.step(1), view.step(1), view.step(1), view.step(-1)]).toEqual([first, first + 2, first + 4, first, first + 4]);
});

test('a step to a hit within a folded report opens it', () => {
  write('before', ...warning.map((text) => ({ text, level: 4 })));
  view.markText(search('net_rx_action'));
  clock.all();
  const number = view.step(1) ?? Number.NaN;
  expect(view.shown.list.has(number)).toBe(true);
});

test('an instant leads to the nearest row', () => {
  write('at 1 ms', 'at 2 ms', 'at 3 ms');
  const at = (seconds: number) => log.row(view.nearest(seconds) ?? -1);
  expect([at(-1), at(0.0021), at(0.0026), at(99)]).toMatchObject([
    { text: 'at 1 ms' },
    { text: 'at 2 ms' },
    { text: 'at 3 ms' },
    { text: 'at 3 ms' },
  ]);
});

test('what is cut off at the front leaves the list, the hits and the selection in place', () => {
  write(...Array.from({ length: chunkRows }, () => 'old'));
  view.selection.choose(chunkRows - 1);
  view.markText(search('old'));
  clock.all();
  write(...Array.from({ length: chunkRows }, () => 'new'));
  clock.all();
  expect(log.firstNumber).toBe(chunkRows);
  expect([view.shown.list.at(0), view.shown.list.length, view.hits.length]).toEqual([chunkRows, chunkRows, 0]);
  expect(view.selection.range()).toEqual({ from: 0, to: 0 });
});

test('a selection is a range of rows, whatever is filtered in between', () => {
  write('a', 'noise', 'b', 'c');
  const first = log.firstNumber;
  view.selection.choose(first);
  view.selection.choose(first + 2, true);
  expect(view.selection.range()).toEqual({ from: 0, to: 3 });
  view.filter({ search: search('^[abc]$', { isRegex: true }) });
  clock.all();
  expect(view.selection.range()).toEqual({ from: 0, to: 2 });
  expect(view.selection.move(1, true)).toBe(first + 3);
  expect(view.selection.range()).toEqual({ from: 0, to: 3 });
});

test('an expression that never ends is stopped, and its field says so', () => {
  const timers: (() => void)[] = [];
  const workers: { isEnded: boolean }[] = [];
  const start = (): MatchWorker => {
    const worker = {
      isEnded: false,
      onmessage: null,
      onerror: null,
      postMessage: () => undefined,
      terminate: () => {
        worker.isEnded = true;
      },
    };
    workers.push(worker);
    return worker;
  };
  open(
    new WorkerMatcher(start, (run) => {
      timers.push(run);
      return () => undefined;
    }),
  );
  write('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!');
  view.filter({ search: search('(a+)+$', { isRegex: true }) });
  timers[0]?.();
  expect(workers).toMatchObject([{ isEnded: true }]);
  expect(view.faults.filter).toMatch(/longer than a second/);
  expect(view.progress).toBeNull();
  expect(shown().length).toBe(1);
});

test('requests are answered in their order, and a worker is begun anew after one was ended', () => {
  const timers: (() => void)[] = [];
  const workers: MatchWorker[] = [];
  const matcher = new WorkerMatcher(
    () => {
      const worker: MatchWorker = { onmessage: null, onerror: null, postMessage: () => undefined, terminate: () => undefined };
      workers.push(worker);
      return worker;
    },
    (run) => {
      timers.push(run);
      return () => undefined;
    },
  );
  const answers: (MatchAnswer | null)[] = [];
  const request = { type: 'ranges', pattern: { source: 'a', flags: '' }, rows: ['a'] } as const;
  matcher.ask(request, [], (answer) => answers.push(answer));
  matcher.ask(request, [], (answer) => answers.push(answer));
  timers[0]?.();
  expect([answers, workers.length]).toEqual([[null], 2]);
  const answer: MatchAnswer = { type: 'ranges', ranges: [[0, 1]] };
  workers[1]?.onmessage?.({ data: answer } as MessageEvent<MatchAnswer>);
  expect(answers).toEqual([null, answer]);
});

test('ranges of both kinds cut a text into pieces that join to it again', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ maxLength: 2 }), fc.string({ maxLength: 2 }), (text, one, other) => {
      const ranges = (wanted: string) => {
        const pattern = patternOf(search(wanted));
        return pattern.ok && pattern.value ? findRanges(pattern.value, text) : [];
      };
      const pieces = piecesOf(text, ranges(one), ranges(other));
      expect(pieces.map((piece) => piece.text).join('')).toBe(text);
    }),
  );
});
