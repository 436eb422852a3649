// A statistic in words.
import { formatCount, formatRate, missing } from '../../ui/format.ts';
import type { StatisticRow } from './statistic-rows.ts';

const rateWords: Readonly<Record<StatisticRow['unit'], string>> = { frames: 'frames', bytes: 'bytes', count: '', ns: 'ns' };

/** A rate with the unit of its row. */
export const rateWord = ({ unit }: StatisticRow, rate: number | null): string => formatRate(rate, rateWords[unit]);

/** The unit of a chart of such rows. */
export const chartUnit = (unit: StatisticRow['unit']): string => `${rateWords[unit]}/s`;

/** A change with its sign. */
export const changeWord = (change: number | null): string =>
  change === null ? missing : change > 0 ? `+${formatCount(change)}` : formatCount(change).replace('-', '\u2212');
