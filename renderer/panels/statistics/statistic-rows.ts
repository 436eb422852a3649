// The rows of Statistics: every counter of a device from whatever counts it, chosen by name, by whether it counts, and in an order.
import type { SampleHistory } from '../../state/sample-history.ts';
import { counterKey } from '../../state/sample-history.ts';
import type { SeriesHistory } from '../../state/series-history.ts';

/** Who counts. The driver's own file first: it is what this window is about. */
export const statisticGroups = ['network_stats', 'netdev', 'ethtool', 'queue', 'page_pool', 'aer'] as const;
export type StatisticGroup = (typeof statisticGroups)[number];

/** What a group is called, and where its numbers come from. */
export const groupWords: Readonly<Record<StatisticGroup, { readonly name: string; readonly from: string }>> = {
  network_stats: { name: 'Driver, /proc/driver/network_stats', from: 'The file that rigb makes; read with every sample' },
  netdev: { name: 'Network stack, netdev', from: 'rtnetlink, struct rtnl_link_stats64; read once a second' },
  ethtool: { name: 'Driver’s own, ethtool -S', from: 'What the driver names itself; read once a second at the most' },
  queue: { name: 'Queues, netdev qstats', from: 'The netdev family’s qstats-get, for each queue; read once a second at the most' },
  page_pool: {
    name: 'Receive buffers, page_pool',
    from: 'The netdev family’s page-pool-get and page-pool-stats-get, for each pool of the interface; read once a second at the most',
  },
  aer: { name: 'PCI Express errors, AER', from: 'sysfs, aer_dev_correctable and its neighbours' },
};

/** A counter. `key` is its name within its series, and unique among all rows of a device. */
export interface StatisticRow {
  readonly key: string;
  readonly group: StatisticGroup;
  readonly name: string;
  /** What is counted; charts keep units apart. */
  readonly unit: 'frames' | 'bytes' | 'count' | 'ns';
  readonly series: SeriesHistory;
}

const unitOfTable = { packets: 'frames', bytes: 'bytes', count: 'count', nanoseconds: 'ns' } as const;

/** Drivers tell names without units; what they call bytes and packets is. */
function unitOfName(name: string): StatisticRow['unit'] {
  if (/bytes|octets/i.test(name)) return 'bytes';
  return /packets|pkts|frames/i.test(name) ? 'frames' : 'count';
}

const isGroup = (word: string): word is StatisticGroup => (statisticGroups as readonly string[]).includes(word);

/** All counters of an interface, and of its device as it was observed, in the order of who counts. */
export function statisticRows(history: SampleHistory, observed: SeriesHistory | undefined, interfaceName: string | null): StatisticRow[] {
  const sampled = (history.table?.counters ?? []).flatMap((counter): StatisticRow[] => {
    const group: string = counter.source;
    if (interfaceName === null || counter.interface !== interfaceName || !isGroup(group)) return [];
    return [{ key: counterKey(counter), group, name: counter.name, unit: unitOfTable[counter.unit], series: history.series }];
  });
  const seen = (observed?.keys ?? []).flatMap((key): StatisticRow[] => {
    const [group = '', ...words] = key.split(' ');
    const name = words.join(' ');
    return observed && isGroup(group) ? [{ key, group, name, unit: unitOfName(name), series: observed }] : [];
  });
  return [...sampled, ...seen].sort((a, b) => statisticGroups.indexOf(a.group) - statisticGroups.indexOf(b.group));
}

/** By what rows are sorted within their group; `source` is the order in which they are told. */
export type StatisticOrder = 'source' | 'name' | 'value' | 'rate';

/** Which rows are wanted, and in which order. */
export interface StatisticChoice {
  readonly filter: string;
  readonly isNonzeroOnly: boolean;
  readonly isChangingOnly: boolean;
  readonly order: StatisticOrder;
  readonly pinned: readonly string[];
}

/** A line of the table: a group's heading, or a row. */
export type StatisticLine =
  | { readonly type: 'group'; readonly key: string; readonly name: string; readonly from: string }
  | { readonly type: 'row'; readonly key: string; readonly row: StatisticRow };

// A row that moved within this time goes on being shown: rows that come and go with every frame cannot be read.
const changingSeconds = 60;

/** Whether a counter changed within the last minute before an instant. */
export function isChanging({ key, series }: StatisticRow, seconds: number): boolean {
  const at = Math.min(seconds, series.newestSeconds);
  // A counter that nobody told of then, as of a driver that was loaded since, began at nothing.
  const before = series.valueAt(key, Math.max(at - changingSeconds, series.oldestSeconds)) ?? 0;
  const now = series.valueAt(key, at);
  return now !== null && before !== now;
}

/** Whether a name is wanted; several words must all be in it. */
export function isNamed({ name, group }: StatisticRow, filter: string): boolean {
  const text = `${name} ${group}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function sorted(rows: readonly StatisticRow[], order: StatisticOrder, seconds: number): StatisticRow[] {
  if (order === 'source') return [...rows];
  if (order === 'name') return rows.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  const measure = ({ key, series }: StatisticRow) =>
    (order === 'value' ? series.valueAt(key, seconds) : series.rateAt(key, seconds)) ?? Number.NEGATIVE_INFINITY;
  const measured = new Map(rows.map((row) => [row, measure(row)]));
  return rows.toSorted((a, b) => (measured.get(b) ?? 0) - (measured.get(a) ?? 0) || a.name.localeCompare(b.name, 'en'));
}

/** The wanted rows under their headings, pinned ones above all others. */
export function statisticLines(rows: readonly StatisticRow[], choice: StatisticChoice, seconds: number): StatisticLine[] {
  const wanted = rows.filter((row) => {
    if (choice.pinned.includes(row.key)) return true;
    if (!isNamed(row, choice.filter)) return false;
    if (choice.isNonzeroOnly && (row.series.valueAt(row.key, seconds) ?? 0) === 0) return false;
    return !choice.isChangingOnly || isChanging(row, seconds);
  });
  const section = (key: string, name: string, from: string, of: readonly StatisticRow[]): StatisticLine[] =>
    of.length === 0
      ? []
      : [
          { type: 'group', key: `group ${key}`, name, from },
          ...sorted(of, choice.order, seconds).map((row): StatisticLine => ({ type: 'row', key: row.key, row })),
        ];
  const isPinned = ({ key }: StatisticRow) => choice.pinned.includes(key);
  return [
    ...section('pinned', 'Pinned', 'Shown whatever is filtered', wanted.filter(isPinned)),
    ...statisticGroups.flatMap((group) => {
      const { name, from } = groupWords[group];
      return section(
        group,
        name,
        from,
        wanted.filter((row) => row.group === group && !isPinned(row)),
      );
    }),
  ];
}
