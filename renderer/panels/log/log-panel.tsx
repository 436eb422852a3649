// The kernel's log, newest at the bottom. It follows the end until somebody scrolls up, and again when asked.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { LogRow } from '../../state/kernel-log.ts';
import { formatLogTime } from '../../ui/format.ts';
import { useLayout, useModel, useSource } from '../../ui/model-context.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { filterRows, levelNames } from './log-filter.ts';

const rowHeight = 20;

function Row({ row, start }: { row: LogRow; start: number }) {
  const style = { transform: `translateY(${start}px)` };
  if (row.type === 'lost') {
    return (
      <div role="row" className="lost" style={style}>
        <span />
        <span>lost</span>
        <span>
          {row.records} records, {row.reason}
        </span>
      </div>
    );
  }
  const { timeUs, level, text } = row.record;
  return (
    <div role="row" data-testid="log-record" data-level={level} style={style} title={text}>
      <span className="number soft">{formatLogTime(timeUs)}</span>
      <span>{levelNames[level] ?? level}</span>
      <span className="mono">{text}</span>
    </div>
  );
}

/** The panel. */
export function LogPanel() {
  const model = useModel();
  const version = useSource(model.log);
  const isFollowing = useLayout((state) => state.isFollowing);
  const [level, setLevel] = useState(7);
  const [text, setText] = useState('');
  const container = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows are the same array until its version grows
  const rows = useMemo(() => filterRows(model.log.rows, level, text), [model, version, level, text]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => container.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  // Heights are fixed, so the end is known without measuring: after each change the element itself is put there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows may be the same array, grown; its version tells
  useLayoutEffect(() => {
    if (isFollowing && container.current) container.current.scrollTop = container.current.scrollHeight;
  }, [isFollowing, rows, version]);
  const onWheel = () => {
    const element = container.current;
    if (!element) return;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < rowHeight * 2;
    if (model.layout.getState().isFollowing !== isAtEnd) model.layout.setState({ isFollowing: isAtEnd });
  };
  const controls = (
    <>
      <select aria-label="Least severe level" value={level} onChange={({ target }) => setLevel(Number(target.value))}>
        {levelNames.map((name, index) => (
          <option key={name} value={index}>
            {name}
          </option>
        ))}
      </select>
      <input type="search" aria-label="Filter by text" placeholder="filter" value={text} onChange={({ target }) => setText(target.value)} />
      <span className="soft number">
        {rows.length === model.log.rows.length ? rows.length : `${rows.length} of ${model.log.rows.length}`}
      </span>
      <span className="spacer" />
      <button
        type="button"
        aria-pressed={isFollowing}
        onClick={() => model.layout.setState({ isFollowing: !isFollowing })}
        title="Follow the end (F)"
      >
        ⤓ Follow
      </button>
    </>
  );
  return (
    <Panel name="Kernel log" className="log" controls={controls}>
      {/* Always there: the virtual list puts an element that it meets for the first time to its start. */}
      <div
        ref={container}
        className="log-rows body"
        style={{ height: '100%' }}
        role="table"
        aria-label="Log records"
        tabIndex={0}
        onWheel={() => requestAnimationFrame(onWheel)}
        onPointerUp={onWheel}
        onKeyUp={onWheel}
      >
        {model.log.rows.length === 0 ? <Empty what="Kernel log" /> : null}
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            return row ? <Row key={row.number} row={row} start={start} /> : null;
          })}
        </div>
      </div>
    </Panel>
  );
}
