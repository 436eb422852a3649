// One row of the list.
import { memo } from 'react';
import { readDriverEvent } from '#common/kernel-log/driver-events.ts';
import type { KernelReport } from '#common/kernel-log/report.ts';
import type { LogRow } from '../../state/kernel-log.ts';
import { formatCount } from '../../ui/format.ts';
import type { KnownReport } from './known-reports.ts';
import { deviceName, levelNames } from './log-criteria.ts';
import { piecesOf } from './row-highlights.ts';

/** How a row stands out. */
export interface RowMarks {
  readonly isSelected: boolean;
  /** It is nearest to the instant that was chosen somewhere. */
  readonly isChosen: boolean;
  /** It is nearest to the instant under the pointer, in whichever panel. */
  readonly isHovered: boolean;
  readonly hits: readonly number[];
  readonly marks: readonly number[];
}

/** A row and its place. */
export interface RowProps extends RowMarks {
  readonly row: LogRow;
  /** Position in the list. */
  readonly index: number;
  readonly topPx: number;
  readonly time: string;
  /** The exact instant in words. */
  readonly timeTitle: string;
  /** The report that is folded to this row, and whether it is open. */
  readonly head: (KnownReport & { readonly isOpen: boolean }) | null;
  /** Whether it stands within an open report. */
  readonly isInReport: boolean;
}

/** In place of the level: short enough for its column. */
const kindNames: Readonly<Record<KernelReport['kind'], string>> = {
  warning: 'WARN',
  bug: 'BUG',
  oops: 'Oops',
  'soft-lockup': 'lockup',
  'hard-lockup': 'lockup',
  'rcu-stall': 'stall',
  'hung-task': 'hung',
  panic: 'panic',
  unknown: 'report',
};

// One symbol for each control character but the tab, so that ranges in the text stay what they are.
const isHidden = (character: string) => character < ' ' && character !== '\t';
const visible = (text: string) =>
  [...text].some(isHidden)
    ? text.replaceAll(/./gs, (one) => (isHidden(one) ? String.fromCharCode(0x2400 + one.charCodeAt(0)) : one))
    : text;

function Text({ text, hits, marks }: { text: string; hits: readonly number[]; marks: readonly number[] }) {
  const shown = visible(text);
  if (hits.length === 0 && marks.length === 0) return shown;
  return piecesOf(shown, hits, marks).map(({ at, text: piece, isHit, isMarked }) =>
    isHit || isMarked ? (
      <mark key={at} className={isMarked ? 'word' : 'hit'}>
        {piece}
      </mark>
    ) : (
      piece
    ),
  );
}

function Head({ head }: { head: NonNullable<RowProps['head']> }) {
  const { report, title, lines, isOpen } = head;
  const who = [
    report.cpu === null ? null : `CPU ${report.cpu}`,
    report.comm && `${report.comm}${report.pid === null ? '' : `[${report.pid}]`}`,
    report.taint ? `tainted ${report.taint}` : null,
  ].filter(Boolean);
  return (
    <>
      <span className="fold" aria-hidden="true">
        {isOpen ? '▾' : '▸'}
      </span>{' '}
      <strong>{title}</strong> <span className="soft">{[...who, `${lines} lines`].join(' · ')}</span>
    </>
  );
}

function Words({ row, head, hits, marks }: Pick<RowProps, 'head' | 'hits' | 'marks'> & { row: Extract<LogRow, { type: 'record' }> }) {
  if (head) return <Head head={head} />;
  const event = readDriverEvent(row.text);
  return (
    <>
      {event ? <span className="log-event">{event.type === 'transmit-timeout' ? 'TX timeout' : 'TX hang'}</span> : null}
      <Text text={row.text} hits={hits} marks={marks} />
    </>
  );
}

const whence = ({ device, subsystem }: Extract<LogRow, { type: 'record' }>) =>
  [device && `device ${deviceName(device)}`, subsystem && `subsystem ${subsystem}`].filter(Boolean).join(', ');

/** The row; painted anew only when something of it changed. */
export const Row = memo(function Row(props: RowProps) {
  const { row, index, topPx, time, timeTitle, head, isInReport, isSelected, isChosen, isHovered, hits, marks } = props;
  const common = {
    id: `log-row-${row.number}`,
    'data-number': row.number,
    'aria-rowindex': index + 1,
    'aria-selected': isSelected,
    'aria-level': isInReport ? 2 : 1,
    'data-chosen': isChosen || undefined,
    'data-hovered': isHovered || undefined,
    // Not a transform: with each row that comes and goes, the browser would make its tree of transforms and layers anew.
    style: { top: topPx },
  } as const;
  if (row.type === 'lost') {
    return (
      <div role="row" {...common} className="lost">
        <span role="gridcell" />
        <span role="gridcell">lost</span>
        <span role="gridcell">
          {formatCount(row.records)} records, {row.reason}
        </span>
      </div>
    );
  }
  const from = whence(row);
  return (
    <div
      role="row"
      {...common}
      data-testid="log-record"
      data-level={head ? Math.min(row.level, 3) : row.level}
      data-in-report={isInReport || undefined}
      aria-expanded={head ? head.isOpen : undefined}
      title={[head ? head.title : visible(row.text), from, timeTitle].filter(Boolean).join('\n')}
    >
      <span role="gridcell" className="time number soft">
        {time}
      </span>
      <span role="gridcell">{head ? kindNames[head.report.kind] : (levelNames[row.level] ?? row.level)}</span>
      <span role="gridcell" className="mono">
        <Words row={row} head={head} hits={hits} marks={marks} />
      </span>
    </div>
  );
});
