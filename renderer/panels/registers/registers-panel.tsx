// The card's registers: what each is, what it holds, when it changed; those whose reading would disturb are named, never polled.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { PlacedRegister, RegisterFile } from '#common/registers/register-file.ts';
import { toggleGroup, toggleOpen, toggleWatched } from '../../state/register-view.ts';
import { useDevice, useModel, useObservation, useSession, useShownSeconds, useSource, useWatch } from '../../ui/model-context.tsx';
import { fieldBase, useNumberBase } from '../../ui/number-base.ts';
import { PlainPanel } from '../../ui/plain-panel.tsx';
import { copyText, saveText } from '../../ui/save-text.ts';
import { RegisterControls } from './register-controls.tsx';
import { RegisterMenu } from './register-menu.tsx';
import { whyNothing, whyNoWrite } from './register-reasons.ts';
import { Row } from './register-row.tsx';
import { heightOf, placesListed, type RegisterRow, rowsOf } from './register-rows.ts';
import type { ValueSources } from './register-value.ts';
import { registersCsv, registersText, registerText } from './registers-text.ts';
import { WatchList } from './watch-list.tsx';
import { WriteDialog } from './write-dialog.tsx';

/** The descriptions, once they are there. */
function useRegisterFile(): RegisterFile | null {
  const [file, setFile] = useState<RegisterFile | null>(null);
  useEffect(() => {
    let isGone = false;
    void import('./register-groups.ts').then(({ registers82576 }) => {
      if (!isGone) setFile(registers82576);
    });
    return () => {
      isGone = true;
    };
  }, []);
  return file;
}

/** The panel. */
export function RegistersPanel() {
  const model = useModel();
  const view = useStore(model.registerView);
  const base = fieldBase(useNumberBase());
  const device = useDevice();
  const address = device?.pciAddress ?? '';
  const session = useSession((state) => state);
  const shownSeconds = useShownSeconds();
  useSource(model.registers);
  const shows = device !== null && device.rings.length > 0;
  useWatch(shows ? address : null, 'registers', view.hz);
  useObservation(shows ? address : null, 1);
  const file = useRegisterFile();
  const container = useRef<HTMLDivElement>(null);
  const [writing, setWriting] = useState<PlacedRegister | null>(null);
  const [lit, setLit] = useState<{ offset: number; mask: number }>({ offset: -1, mask: 0 });

  const tracked = model.registers.get(address);
  const reason = whyNothing(session, device);
  const sources: ValueSources = {
    tracked,
    seconds: shownSeconds,
    observation: session.observations[address]?.newest,
    base,
    reason: tracked && tracked.count > 0 ? null : (reason ?? 'the first snapshot is still to come.'),
  };
  const { filter, watched } = view;
  const passes = (place: PlacedRegister): boolean => {
    if (filter === 'watched') return watched.includes(place.offset);
    if (filter === 'read') return tracked?.has(place.offset) ?? false;
    if (filter === 'changed') return (tracked?.lastChange(place.offset, 0xffff_ffff, shownSeconds) ?? null) !== null;
    return true;
  };
  // Values change far more often than what is listed; only the filter for changed ones depends on them.
  const dependsOn = filter === 'changed' ? tracked?.newestSeconds : tracked?.offsets;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `passes` is new in each painting, what it depends on is listed
  const rows = useMemo(
    () => (file ? rowsOf(file, { ...view, passes }) : []),
    [file, view.search, filter, watched, view.open, view.closedGroups, dependsOn, shownSeconds],
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => container.current,
    estimateSize: (index) => {
      const row = rows[index];
      return row ? heightOf(row) : 0;
    },
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
  });
  // Other rows have other heights.
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew when the rows are others
  useEffect(() => virtual.measure(), [virtual, rows]);

  const store = model.registerView;
  const select = (row: RegisterRow) => store.setState({ selected: row.key });
  const toggle = (row: RegisterRow, isOpen?: boolean) => {
    if (row.kind === 'group') toggleGroup(store, row.group, isOpen);
    else if (row.kind === 'array' || row.kind === 'register') toggleOpen(store, row.key, isOpen);
  };
  const ask = (place: PlacedRegister) => {
    if (whyNoWrite(session, place) === null) setWriting(place);
  };
  const at = rows.findIndex(({ key }) => key === view.selected);
  const current = rows[at];
  const move = (to: number) => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, to))];
    if (!next) return;
    select(next);
    virtual.scrollToIndex(rows.indexOf(next), { align: 'auto' });
  };
  const closeOrParent = () => {
    if (!current) return;
    if ('isOpen' in current && current.isOpen) toggle(current, false);
    else move(rows.findLastIndex((row, index) => index < at && row.level < current.level));
  };
  const keys = new Map<string, () => unknown>([
    ['ArrowDown', () => move(at + 1)],
    ['ArrowUp', () => move(at - 1)],
    ['PageDown', () => move(at + 12)],
    ['PageUp', () => move(at - 12)],
    ['Home', () => move(0)],
    ['End', () => move(rows.length - 1)],
    ['ArrowRight', () => current && ('isOpen' in current && !current.isOpen ? toggle(current, true) : move(at + 1))],
    ['ArrowLeft', closeOrParent],
    [' ', () => current && toggle(current)],
    ['w', () => current && 'place' in current && toggleWatched(store, current.place.offset)],
    ['Enter', () => current && ('place' in current ? ask(current.place) : toggle(current))],
  ]);
  const onKeyDown = (event: KeyboardEvent) => {
    const run = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys.get(event.key);
    // A button in a row that was clicked has the focus; Enter and space are its own.
    if (!run || (event.target instanceof HTMLButtonElement && (event.key === 'Enter' || event.key === ' '))) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  const listed = () => (file ? placesListed(file, { search: view.search, passes }) : []);
  const copy = () => {
    if (current && 'place' in current) void copyText(model, 'Register', registerText(current.place, sources));
    else void copyText(model, 'Registers', registersText(listed(), sources));
  };
  const exportCsv = () => {
    const name = `registers-${address.replaceAll(/[:.]/g, '-')}-${Math.round(tracked?.newestSeconds || 0)}s.csv`;
    saveText(name, 'text/csv', registersCsv(listed(), sources, address));
  };

  const readAt = `${tracked?.offsets.length} registers read at ${(shownSeconds ?? tracked?.newestSeconds ?? 0).toFixed(2)} s`;
  const still = shownSeconds === null ? '' : ', where the screen was stopped';
  const line =
    sources.reason !== null
      ? `Nothing is read: ${sources.reason}`
      : reason !== null
        ? `${readAt}${still}, and not since then: ${reason}`
        : `${readAt}${still}; C, S and P are never polled`;
  const chosen = current && 'place' in current ? current.place : null;
  const watchedPlaces = file ? watched.flatMap((offset) => file.at(offset) ?? []) : [];
  return (
    <PlainPanel
      name="Registers"
      className="registers"
      controls={<RegisterControls perRead={tracked?.offsets.length ?? 0} onCopy={copy} onExport={file ? exportCsv : null} />}
    >
      <p className="register-state soft" title={line}>
        {line}
      </p>
      {file === null ? (
        <p className="empty">The descriptions of the registers are being loaded.</p>
      ) : rows.length === 0 ? (
        <p className="empty">
          No register is called so, and none that is listed has such a field.{' '}
          <button type="button" onClick={() => store.setState({ search: '', filter: 'all' })}>
            Show all
          </button>
        </p>
      ) : (
        <RegisterMenu
          place={chosen}
          sources={sources}
          isWatched={chosen !== null && watched.includes(chosen.offset)}
          whyNoWrite={chosen && whyNoWrite(session, chosen)}
          onWrite={() => chosen && ask(chosen)}
        >
          <div
            ref={container}
            className={reason !== null && sources.reason === null ? 'register-rows stale' : 'register-rows'}
            role="treegrid"
            aria-label="Registers of the card"
            aria-rowcount={rows.length}
            aria-activedescendant={current ? `register-row-${current.key.replaceAll(' ', '-')}` : undefined}
            tabIndex={0}
            onKeyDown={onKeyDown}
          >
            <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
              {virtual.getVirtualItems().map(({ index, key, start, size }) => {
                const row = rows[index];
                if (!row) return null;
                const place = 'place' in row ? row.place : null;
                return (
                  <Row
                    key={key}
                    row={row}
                    sources={sources}
                    start={start}
                    height={size}
                    isSelected={row.key === view.selected}
                    isWatched={place !== null && watched.includes(place.offset)}
                    lit={place?.offset === lit.offset ? lit.mask : 0}
                    whyNoWrite={place ? whyNoWrite(session, place) : null}
                    onSelect={() => select(row)}
                    onToggle={() => toggle(row)}
                    onWatch={() => place && toggleWatched(store, place.offset)}
                    onWrite={() => place && ask(place)}
                    onLight={(mask) => place && setLit({ offset: place.offset, mask })}
                    onInstant={(seconds) => model.time.setState({ chosenSeconds: seconds })}
                  />
                );
              })}
            </div>
          </div>
        </RegisterMenu>
      )}
      <WatchList places={watchedPlaces} device={address} sources={sources} />
      {writing && (
        <WriteDialog
          key={writing.offset}
          place={writing}
          device={address}
          oldValue={tracked?.value(writing.offset) ?? null}
          onClose={() => setWriting(null)}
        />
      )}
    </PlainPanel>
  );
}
