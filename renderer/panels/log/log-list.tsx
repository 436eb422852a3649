// The rows in sight. All rows have one height, so which those are is arithmetic; a virtualising library measures every row anew with each line that comes.
import { type KeyboardEvent, type MouseEvent, type PointerEvent, useEffect, useLayoutEffect, useReducer, useRef, useState } from 'react';
import type { LogRow } from '../../state/kernel-log.ts';
import { useLayout, useModel, useSession, useTime } from '../../ui/model-context.tsx';
import { Empty } from '../../ui/panel.tsx';
import { knownReport } from './known-reports.ts';
import { ListPosition, rowHeightPx } from './list-position.ts';
import { chooseRow, copySelection, stepToHit, toggleReport } from './log-actions.ts';
import { actionOf } from './log-keys.ts';
import { Row } from './log-row.tsx';
import { LogRowMenu } from './log-row-menu.tsx';
import { bootTime, deltaTime, isoTime, wallTime } from './log-times.ts';
import type { LogView } from './log-view.ts';
import { RowHighlights } from './row-highlights.ts';

const extraRows = 8;
/** Where nothing is laid out (a window that is not shown), as if it were so high. */
const unknownHeightPx = 400;

const numberAt = (target: EventTarget): number | null => {
  const row = target instanceof Element ? target.closest('[data-number]') : null;
  return row ? Number(row.getAttribute('data-number')) : null;
};

/** The list of rows. */
export function LogList({ view, onFind }: { view: LogView; onFind: () => void }) {
  const model = useModel();
  const isFollowing = useLayout((state) => state.isFollowing);
  const bootTimeUnixNs = useSession((state) => state.hello?.bootTimeUnixNs ?? null);
  const chosenSeconds = useTime((state) => state.chosenSeconds);
  const hoveredSeconds = useTime((state) => state.hoveredSeconds);
  const pausedSeconds = useTime((state) => state.pausedSeconds);
  const container = useRef<HTMLDivElement>(null);
  const [, repaint] = useReducer((count: number) => count + 1, 0);
  const [position] = useState(() => new ListPosition());
  const [heights, setHeight] = useState(unknownHeightPx);
  const [filterHighlights] = useState(() => new RowHighlights(view.matcher, () => view.changed()));
  const [markHighlights] = useState(() => new RowHighlights(view.matcher, () => view.changed()));
  /** Rows as they were painted last: they never change, and making their text anew is most of the work. */
  const painted = useRef(new Map<number, LogRow>());
  /** What the element was told last: its position, what is in it and how much of that is visible. */
  const placed = useRef<readonly [number, number, number]>([0, 0, 0]);

  const { list } = view.shown;
  const count = pausedSeconds === null ? list.length : view.countUntil(pausedSeconds);
  position.update(list, count, heights, isFollowing);
  const { from, to } = position.window(extraRows);

  useLayoutEffect(() => {
    const element = container.current;
    if (!element) return;
    const measure = () => setHeight(element.clientHeight || unknownHeightPx);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    const settle = () => {
      position.map.settle();
      repaint();
    };
    element.addEventListener('scrollend', settle);
    return () => {
      observer.disconnect();
      element.removeEventListener('scrollend', settle);
    };
  }, [position]);

  // Asking the element where it stands makes the browser lay everything out, which with each line that comes is most of the work: it is told when something is other.
  const { elementTop, elementHeight } = position.map;
  useLayoutEffect(() => {
    const element = container.current;
    const [top, height, visible] = placed.current;
    if (!element || (top === elementTop && height === elementHeight && visible === heights)) return;
    placed.current = [elementTop, elementHeight, heights];
    element.scrollTop = elementTop;
  });

  const rows: { row: LogRow; index: number; beforeUs: number }[] = [];
  const now = new Map<number, LogRow>();
  for (let index = from; index < to; index += 1) {
    const number = list.at(index);
    const row = painted.current.get(number) ?? view.log.row(number);
    if (!row) continue;
    now.set(number, row);
    rows.push({ row, index, beforeUs: view.log.timeUs(list.at(index - 1)) });
  }
  painted.current = now;
  useEffect(() => {
    const texts = rows.flatMap(({ row }) => (row.type === 'record' ? [row] : []));
    filterHighlights.want(view.filterPattern, texts);
    markHighlights.want(view.markPattern, texts);
  });

  // Another panel chose an instant: the list goes there.
  useEffect(() => {
    if (chosenSeconds === null || chosenSeconds === view.chosenHereSeconds) return;
    view.chosenHereSeconds = null;
    const number = view.nearest(chosenSeconds);
    if (number === null) return;
    model.layout.setState({ isFollowing: false });
    view.selection.choose(number);
    position.reveal(view.shown.list.indexOf(number), true);
    view.changed();
  }, [chosenSeconds, view, model, position]);

  const { revealed } = view;
  useLayoutEffect(() => {
    const index = revealed ? view.shown.list.indexOf(revealed.number) : -1;
    if (index < 0) return;
    position.reveal(index);
    repaint();
  }, [revealed, view, position]);

  const show = (number: number) => {
    model.layout.setState({ isFollowing: false });
    view.reveal(number);
  };
  const onScroll = () => {
    const element = container.current;
    // What was set here comes back as an event too.
    if (!element || Math.abs(element.scrollTop - position.map.elementTop) < 1) return;
    // A list that became higher is scrolled by the browser, before anybody is told of its height: that is no person who leaves the end.
    const height = element.clientHeight || unknownHeightPx;
    if (height !== heights) {
      setHeight(height);
      return;
    }
    const { isAtEnd, isUp } = position.scrolled(element.scrollTop);
    if (isFollowing && isUp && !isAtEnd) model.layout.setState({ isFollowing: false });
    if (!isFollowing && isAtEnd && !isUp) model.layout.setState({ isFollowing: true });
    repaint();
  };
  const onClick = (event: MouseEvent) => {
    const number = numberAt(event.target);
    if (number === null) return;
    chooseRow(model, view, number, event.shiftKey);
    if (!event.shiftKey) toggleReport(model, view, number);
  };
  const onContextMenu = (event: MouseEvent) => {
    const number = numberAt(event.target);
    if (number !== null && !view.selection.has(number)) view.selection.choose(number);
    view.changed();
  };
  const onPointerOver = (event: PointerEvent) => {
    const number = numberAt(event.target);
    const timeUs = number === null ? Number.NaN : view.log.timeUs(number);
    if (!Number.isNaN(timeUs)) model.time.setState({ hoveredSeconds: timeUs / 1e6 });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const action = actionOf(event, Math.max(1, Math.floor(heights / rowHeightPx) - 1));
    // A text that was selected with the mouse is copied as it is.
    if (!action || (action.type === 'copy' && !document.getSelection()?.isCollapsed)) return;
    event.preventDefault();
    event.stopPropagation();
    const { focus } = view.selection;
    if (action.type === 'move') {
      const number = view.selection.move(action.rows, action.isExtending);
      if (number === null) return;
      chooseRow(model, view, number, action.isExtending);
      show(number);
    } else if (action.type === 'step') stepToHit(model, view, action.direction);
    else if (action.type === 'toggle' && focus !== null) toggleReport(model, view, focus);
    else if (action.type === 'copy') void copySelection(model, view);
    else if (action.type === 'find') onFind();
    else if (action.type === 'select-all') view.selection.all();
    else if (action.type === 'clear') view.selection.clear();
    view.changed();
  };

  const time = (timeUs: number, beforeUs: number) =>
    view.timeMode === 'wall'
      ? wallTime(timeUs, bootTimeUnixNs)
      : view.timeMode === 'delta'
        ? deltaTime(timeUs, beforeUs)
        : bootTime(timeUs);
  const ownRow = chosenSeconds !== null && chosenSeconds === view.chosenHereSeconds ? view.selection.focus : null;
  const chosen = chosenSeconds === null ? null : (ownRow ?? view.nearest(chosenSeconds));
  const hovered = hoveredSeconds === null ? null : view.nearest(hoveredSeconds);
  return (
    <div className="log-list">
      {view.log.length === 0 ? <Empty what="Kernel log" /> : null}
      {view.log.length > 0 && count === 0 && view.progress === null ? (
        <div className="empty">
          <span>No row passes the filter.</span>
          <button type="button" className="primary" onClick={() => view.showAll()}>
            Show all rows
          </button>
        </div>
      ) : null}
      <LogRowMenu view={view}>
        <div
          ref={container}
          className="log-rows"
          role="treegrid"
          aria-label="Log records"
          aria-multiselectable="true"
          aria-rowcount={count}
          aria-activedescendant={view.selection.focus === null ? undefined : `log-row-${view.selection.focus}`}
          tabIndex={0}
          onScroll={onScroll}
          onClick={onClick}
          onContextMenu={onContextMenu}
          onPointerOver={onPointerOver}
          onPointerLeave={() => model.time.setState({ hoveredSeconds: null })}
          onKeyDown={onKeyDown}
        >
          <div role="rowgroup" style={{ height: elementHeight, position: 'relative' }}>
            {rows.map(({ row, index, beforeUs }) => {
              const report = row.type === 'record' ? row.report : 0;
              const isHead = report !== 0 && view.shown.headOf(report) === row.number;
              const known = isHead ? knownReport(view.log, report) : null;
              const iso = isoTime(row.timeUs, bootTimeUnixNs);
              return (
                <Row
                  key={row.number}
                  row={row}
                  index={index}
                  topPx={position.map.place(index * rowHeightPx)}
                  time={time(row.timeUs, beforeUs)}
                  timeTitle={`${bootTime(row.timeUs)} s after boot${iso ? `, ${iso}` : ''}`}
                  head={known && { ...known, isOpen: view.shown.isOpen(report) }}
                  isInReport={report !== 0 && !isHead}
                  isSelected={view.selection.has(row.number)}
                  isChosen={row.number === chosen}
                  isHovered={row.number === hovered}
                  hits={filterHighlights.of(row.number)}
                  marks={markHighlights.of(row.number)}
                />
              );
            })}
          </div>
        </div>
      </LogRowMenu>
    </div>
  );
}
