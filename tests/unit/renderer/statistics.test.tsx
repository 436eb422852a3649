// Statistics: every counter by who counts it, cut and sorted, at the shown instant, and what changed between two marks.
import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EventOf } from '../../../main/common/protocol.ts';
import { comparisonCsv } from '../../../renderer/panels/statistics/comparison.ts';
import { isChanging } from '../../../renderer/panels/statistics/statistic-rows.ts';
import { choicesOf } from '../../../renderer/panels/statistics/statistics-choices.ts';
import { StatisticsPanel } from '../../../renderer/panels/statistics/statistics-panel.tsx';
import { SeriesHistory } from '../../../renderer/state/series-history.ts';
import type { WindowModel } from '../../../renderer/state/window-model.ts';
import { commandsOf } from '../../../renderer/ui/commands.ts';
import { csvOf, tabbedOf } from '../../../renderer/ui/table-text.ts';
import { observation } from '../../support/observation.ts';
import { RenderedWindow } from '../../support/rendered-window.tsx';
import { deviceAddress, devicesEvent, helloEvent, tableEvent } from '../../support/wire-payloads.ts';

let rendered: RenderedWindow;
let model: WindowModel;
let place: HTMLElement;

const table: EventOf<'table'> = {
  ...tableEvent(),
  vectors: [],
  softirqs: [],
  counters: [
    { source: 'netdev', interface: 'eth0', name: 'rx_packets', unit: 'packets' },
    { source: 'network_stats', interface: 'eth0', name: 'RX packets', unit: 'packets' },
    { source: 'network_stats', interface: 'eth0', name: 'TX bytes', unit: 'bytes' },
    { source: 'network_stats', interface: 'eth0', name: 'Errors', unit: 'count' },
    { source: 'netdev', interface: 'eth9', name: 'rx_packets', unit: 'packets' },
  ],
};

beforeEach(() => {
  localStorage.clear();
  rendered = new RenderedWindow();
  ({ model, place } = rendered);
  rendered.tell(helloEvent('1790000000000000000'), devicesEvent());
  model.history.setTable(table);
  rendered.show(<StatisticsPanel />);
});
afterEach(() => {
  rendered.end();
  vi.restoreAllMocks();
});

/** Samples a second apart, each counter growing by its own step; errors never. */
const takeUpTo = (last: number, first = 0) =>
  act(() => {
    for (let second = first; second <= last; second += 1)
      model.history.add({
        timeNs: BigInt(second) * 1_000_000_000n,
        tableId: 1,
        cpuCount: 2,
        durationNs: 0,
        vectors: new BigUint64Array(0),
        softirqs: new BigUint64Array(0),
        counters: BigUint64Array.of(BigInt(second * 10), BigInt(second * 10), BigInt(second * 1000), 7n, 0n),
      });
  });

const names = () => [...place.querySelectorAll('tr[data-name]')].map((row) => row.getAttribute('data-name'));
const groups = () => [...place.querySelectorAll('.statistic-group')].map((row) => row.textContent);
const rowText = (name: string) => place.querySelector(`tr[data-name="${name}"]`)?.textContent;
const button = (name: string) =>
  [...place.querySelectorAll('button')].find((one) => one.getAttribute('aria-label') === name || one.textContent === name);
const click = (name: string) =>
  act(() => {
    const found = button(name);
    if (!found) throw new Error(`There is no button "${name}".`);
    found.click();
  });
const run = (name: string) =>
  act(() =>
    commandsOf(model)
      .find((command) => command.name === name)
      ?.run(),
  );

test('all counters of the device stand under who counts them, and of no other device', () => {
  takeUpTo(5);
  rendered.tell(
    observation({
      queueStatistics: { items: [{ kind: 'rx', id: 0, values: { 'rx-packets': 3 } }], reason: null },
      pcie: { ...observation().pcie, aer: { correctable: 1, nonfatal: 0, fatal: 0 } },
    }),
  );
  expect(names()).toEqual([
    ...['RX packets', 'TX bytes', 'Errors'],
    'rx_packets',
    ...['rx_packets', 'tx_packets'],
    'rx 0 rx-packets',
    ...['correctable', 'nonfatal', 'fatal'],
  ]);
  expect(groups()).toHaveLength(5);
  expect(rowText('RX packets')).toContain('50');
  expect(rowText('RX packets')).toContain('10 frames/s');
  expect(rowText('TX bytes')).toContain('1\u2009000 bytes/s');
});

const pool = (change: object = {}) => ({
  id: 5,
  napiId: 8193,
  inflight: 256,
  inflightBytes: 1048576,
  values: { 'alloc-fast': 40 },
  ...change,
});

test('page pools stand under the queue that they serve, whatever number the kernel gave them', () => {
  rendered.tell(observation({ pagePools: { items: [pool(), pool({ id: 6, napiId: null, values: {} })], reason: null } }));
  expect(names().filter((name) => /rx 0|pool/.test(name ?? ''))).toEqual([
    ...['rx 0 alloc-fast', 'rx 0 inflight', 'rx 0 inflight-bytes'],
    ...['pool 6 inflight', 'pool 6 inflight-bytes'],
  ]);
  expect(rowText('rx 0 alloc-fast')).toContain('40');
});

test('what driver or kernel do not count says so', () => {
  const uncounted = (group: string) => place.querySelector(`[data-uncounted="${group}"]`)?.textContent;
  rendered.tell(observation({ pagePools: { items: [], reason: 'igb tells the kernel of no page pools.' } }));
  expect(uncounted('page_pool')).toBe('Receive buffers, page_pool: igb tells the kernel of no page pools.');
  expect(uncounted('queue')).toContain('igb offers no queue statistics.');
  expect(uncounted('ethtool')).toBeUndefined();
});

test('rows can be cut to a name, to what counts and to what changes', () => {
  takeUpTo(5);
  act(() => choicesOf(model).setState({ filter: 'network_stats rx' }));
  expect(names()).toEqual(['RX packets']);
  act(() => choicesOf(model).setState({ filter: '' }));
  click('Nonzero');
  expect(names()).toEqual(['RX packets', 'TX bytes', 'Errors', 'rx_packets']);
  click('Changing');
  expect(names()).toEqual(['RX packets', 'TX bytes', 'rx_packets']);
  act(() => choicesOf(model).setState({ filter: 'no such' }));
  expect(place.textContent).toContain('None of the 4 statistics');
});

test('a counter that came with a driver a moment ago is among those that change', () => {
  const series = new SeriesHistory({ fineSeconds: 60, coarseSeconds: 60, maximumBytes: 1 << 20, gapSeconds: 3 });
  series.setKeys(['before']);
  series.append(1, [7]);
  series.setKeys(['before', 'packets', 'errors']);
  series.append(2, [7, 10, 0]);
  const changing = ['before', 'packets', 'errors'].filter((key) =>
    isChanging({ key, name: key, group: 'network_stats', unit: 'count', series }, 2),
  );
  expect(changing).toEqual(['packets']);
});

test('a pinned row stands above all others whatever is filtered, and is pinned in the next window too', () => {
  takeUpTo(5);
  click('Pin Errors');
  act(() => choicesOf(model).setState({ filter: 'tx' }));
  expect(groups()[0]).toBe('Pinned');
  expect(names()).toEqual(['Errors', 'TX bytes']);
  expect(choicesOf(new RenderedWindow().model).getState().pinned).toEqual(['network_stats eth0 Errors']);
});

test('rows are sorted within their group by value or rate, and a second press gives the order of the source', () => {
  takeUpTo(5);
  const header = () => [...place.querySelectorAll('th button')].find((one) => one.textContent?.startsWith('Rate')) as HTMLElement;
  act(() => header().click());
  expect(names()).toEqual(['TX bytes', 'RX packets', 'Errors', 'rx_packets']);
  expect(header().closest('th')?.getAttribute('aria-sort')).toBe('descending');
  act(() => header().click());
  expect(names()).toEqual(['RX packets', 'TX bytes', 'Errors', 'rx_packets']);
});

test('frames are charted first, any row can be, and units are kept in charts of their own', () => {
  takeUpTo(5);
  const charts = () => [...place.querySelectorAll('[role="img"]')].map((chart) => chart.getAttribute('aria-label') ?? '');
  expect(charts()).toHaveLength(1);
  expect(charts()[0]).toMatch(/^Frames/);
  click('Chart TX bytes');
  click('Chart Errors');
  expect(charts().map((label) => label.split(':')[0])).toEqual(['Frames', 'Bytes', 'Counts']);
  click('Chart RX packets');
  expect(charts().map((label) => label.split(':')[0])).toEqual(['Bytes', 'Counts']);
});

test('counts are hexadecimal when everything shall be, and rates stay decimal', () => {
  takeUpTo(10);
  expect(rowText('RX packets')).toContain('100');
  act(() => model.layout.setState({ numberBase: 'hex' }));
  expect(rowText('RX packets')).toContain('0x64');
  expect(rowText('RX packets')).toContain('10 frames/s');
});

test('while the screen stands, the table shows the counters of the chosen instant', () => {
  takeUpTo(10);
  act(() => void model.standstill.pause());
  takeUpTo(20, 11);
  expect(rowText('RX packets')).toContain('100');
  act(() => model.time.setState({ chosenSeconds: 4.2 }));
  expect(rowText('RX packets')).toContain('40');
  act(() => model.standstill.goOn());
  expect(rowText('RX packets')).toContain('200');
});

test('what changed between two marks stands with change and rate, and what did not is left out', () => {
  takeUpTo(10);
  click('A → B');
  expect(place.textContent).toContain('Set mark A, do what you want to look at');
  run('Time: set mark A');
  takeUpTo(30, 11);
  const rows = () => [...place.querySelectorAll('[data-compared]')].map((row) => row.textContent);
  expect(rows()[0]).toContain('+200');
  click('Set mark B');
  takeUpTo(40, 31);
  expect(rows()).toHaveLength(3);
  expect(rows()[0]).toMatch(/^RX packetsnetwork_stats100300\+20010 frames\/s$/);
  expect(place.textContent).toContain('A 10.000 s → B 30.000 s, 20.000 s');
  click('Changing');
  expect(rows().some((row) => row?.startsWith('Errors'))).toBe(true);
});

test('a mark is set at the instant that was chosen on the timeline', () => {
  takeUpTo(10);
  act(() => model.time.setState({ chosenSeconds: 3 }));
  run('Time: set mark A');
  expect(model.time.getState().markASeconds).toBe(3);
});

test('the comparison is copied as shown', () => {
  const writeText = vi.fn(async () => undefined);
  vi.spyOn(navigator, 'clipboard', 'get').mockReturnValue({ writeText } as unknown as Clipboard);
  takeUpTo(10);
  act(() => model.time.setState({ markASeconds: 2, markBSeconds: 8 }));
  click('A → B');
  click('Copy the table');
  expect(writeText).toHaveBeenCalledWith(expect.stringContaining('From 2.000 s to 8.000 s since boot'));
  expect(writeText).toHaveBeenCalledWith(expect.stringContaining('network_stats\tRX packets\tframes\t20\t80\t60\t10'));
});

test('as CSV it says when by either clock, quotes what needs it, and leaves a counter that began anew without a rate', () => {
  const series = new SeriesHistory({ fineSeconds: 60, coarseSeconds: 60, maximumBytes: 1 << 20, gapSeconds: 3 });
  series.setKeys(['ethtool a, b']);
  series.append(1, [50]);
  series.append(3, [10]);
  const row = { key: 'ethtool a, b', group: 'ethtool' as const, name: 'a, b', unit: 'count' as const, series };
  const compared = { row, a: 50, b: 10, change: -40, rate: null };
  expect(comparisonCsv([compared], 1, 3, '1790000000000000000').split('\r\n')).toEqual([
    '"A, seconds since boot",1,2026-09-21T14:13:21.000Z',
    '"B, seconds since boot",3,2026-09-21T14:13:23.000Z',
    'source,name,unit,at A,at B,change,change per second',
    'ethtool,"a, b",count,50,10,-40,',
    '',
  ]);
  expect(csvOf([['say "hi"', null, 1.5]])).toBe('"say ""hi""",,1.5\r\n');
  expect(tabbedOf([['a\tb', null]])).toBe('a b\t');
});

test('the device’s own statistics have values at any instant that was observed', () => {
  rendered.tell(observation({ timeNs: '1000000000' }));
  rendered.tell(observation({ timeNs: '2000000000', ethtoolStatistics: { items: [{ name: 'rx_packets', value: 1500 }], reason: null } }));
  const seen = model.observationHistory.get(deviceAddress);
  expect(seen?.valueAt('ethtool rx_packets', 1.5)).toBe(1000);
  expect(seen?.rateAt('ethtool rx_packets', 2)).toBe(500);
  expect(seen?.valueAt('ethtool tx_packets', 2)).toBeNull();
});
