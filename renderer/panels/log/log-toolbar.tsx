// What narrows the log down, marks words in it, and steps from one to the next.
import { ChevronDown, ChevronUp } from 'lucide-react';
import { type KeyboardEvent, type Ref, useMemo } from 'react';
import { formatCount } from '../../ui/format.ts';
import { deviceName, levelNames } from './log-criteria.ts';
import type { LogView } from './log-view.ts';
import type { SearchText } from './text-pattern.ts';

function SearchField({
  name,
  placeholder,
  search,
  fault,
  field,
  onChange,
  onEnter,
}: {
  name: string;
  placeholder: string;
  search: SearchText;
  fault: string | undefined;
  field?: Ref<HTMLInputElement>;
  onChange: (search: SearchText) => void;
  onEnter: (direction: 1 | -1) => void;
}) {
  const faultId = `log-fault-${placeholder}`;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== 'F3') return;
    event.preventDefault();
    onEnter(event.shiftKey ? -1 : 1);
  };
  return (
    <span className="log-search">
      <input
        ref={field}
        type="search"
        aria-label={name}
        placeholder={placeholder}
        value={search.text}
        aria-invalid={fault !== undefined}
        aria-describedby={fault === undefined ? undefined : faultId}
        onChange={({ target }) => onChange({ ...search, text: target.value })}
        onKeyDown={onKeyDown}
      />
      <button
        type="button"
        className="quiet"
        aria-label={`${name}: as a regular expression`}
        title="Regular expression"
        aria-pressed={search.isRegex}
        onClick={() => onChange({ ...search, isRegex: !search.isRegex })}
      >
        .*
      </button>
      <button
        type="button"
        className="quiet"
        aria-label={`${name}: match case`}
        title="Match case"
        aria-pressed={search.isCaseSensitive}
        onClick={() => onChange({ ...search, isCaseSensitive: !search.isCaseSensitive })}
      >
        Aa
      </button>
      {fault === undefined ? null : (
        <span id={faultId} role="alert" className="invalid" title={fault}>
          {fault}
        </span>
      )}
    </span>
  );
}

function SourceChoice({ view }: { view: LogView }) {
  const { origins } = view.log;
  const count = origins.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is the same array, and it only grows
  const { devices, subsystems } = useMemo(() => {
    const distinct = (values: readonly string[]) => [...new Set(values)].filter(Boolean).sort();
    return { devices: distinct(origins.map(({ device }) => device)), subsystems: distinct(origins.map(({ subsystem }) => subsystem)) };
  }, [origins, count]);
  const { device, subsystem } = view.criteria;
  return (
    <>
      <select
        aria-label="Device"
        value={device ?? ''}
        title="kmsg's DEVICE key"
        onChange={({ target }) => view.filter({ device: target.value || null })}
      >
        <option value="">any device</option>
        {devices.map((one) => (
          <option key={one} value={one}>
            {deviceName(one)}
          </option>
        ))}
      </select>
      <select
        aria-label="Subsystem"
        value={subsystem ?? ''}
        title="kmsg's SUBSYSTEM key"
        onChange={({ target }) => view.filter({ subsystem: target.value || null })}
      >
        <option value="">any subsystem</option>
        {subsystems.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </>
  );
}

/** The hits of the marked words, and the way to the next. */
function Hits({ view, onStep }: { view: LogView; onStep: (direction: 1 | -1) => void }) {
  const { hits, selection, markPattern } = view;
  if (!markPattern) return null;
  const at = selection.focus === null ? -1 : hits.indexOf(selection.focus);
  const count = formatCount(hits.length);
  return (
    <span className="log-hits">
      <output className="number soft" aria-label="Hits">
        {at >= 0 ? `${formatCount(at + 1)} of ${count}` : `${count} ${hits.length === 1 ? 'hit' : 'hits'}`}
      </output>
      <button type="button" className="quiet" aria-label="Previous hit" title="Previous hit (N, Shift+F3)" onClick={() => onStep(-1)}>
        <ChevronUp size={14} aria-hidden="true" />
      </button>
      <button type="button" className="quiet" aria-label="Next hit" title="Next hit (n, F3)" onClick={() => onStep(1)}>
        <ChevronDown size={14} aria-hidden="true" />
      </button>
    </span>
  );
}

/** The line of controls below the panel's name. */
export function LogToolbar({
  view,
  filterField,
  onStep,
}: {
  view: LogView;
  filterField: Ref<HTMLInputElement>;
  onStep: (direction: 1 | -1) => void;
}) {
  const { criteria, mark, faults } = view;
  return (
    <div className="log-toolbar">
      <select
        aria-label="Least severe level"
        value={criteria.maximumLevel}
        onChange={({ target }) => view.filter({ maximumLevel: Number(target.value) })}
      >
        {levelNames.map((name, index) => (
          <option key={name} value={index}>
            {name}
          </option>
        ))}
      </select>
      <SourceChoice view={view} />
      <SearchField
        name="Filter by text"
        placeholder="filter"
        search={criteria.search}
        fault={faults.filter}
        field={filterField}
        onChange={(search) => view.filter({ search })}
        onEnter={onStep}
      />
      <SearchField
        name="Mark words"
        placeholder="mark"
        search={mark}
        fault={faults.mark}
        onChange={(search) => view.markText(search)}
        onEnter={onStep}
      />
      <Hits view={view} onStep={onStep} />
    </div>
  );
}
