// A statistic in words.
import type { NumberBase } from '../../state/layout-store.ts';
import { formatRate, missing } from '../../ui/format.ts';
import { formatCounted } from '../../ui/number-base.ts';
import type { StatisticRow } from './statistic-rows.ts';

const rateWords: Readonly<Record<StatisticRow['unit'], string>> = { frames: 'frames', bytes: 'bytes', count: '', ns: 'ns' };

/** A rate with the unit of its row. */
export const rateWord = ({ unit }: StatisticRow, rate: number | null): string => formatRate(rate, rateWords[unit]);

/** The unit of a chart of such rows. */
export const chartUnit = (unit: StatisticRow['unit']): string => `${rateWords[unit]}/s`;

/** A change with its sign. */
export const changeWord = (change: number | null, base: NumberBase): string =>
  change === null ? missing : `${change > 0 ? '+' : ''}${formatCounted(change, base).replace('-', '\u2212')}`;
