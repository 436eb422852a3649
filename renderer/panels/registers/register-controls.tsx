// The controls of the register panel: search, filter, base, rate, copy, export.
import { useStore } from 'zustand';
import { type RegisterFilter, registerFilters } from '../../state/register-view.ts';
import { useModel } from '../../ui/model-context.tsx';
import { fieldBase, useNumberBase } from '../../ui/number-base.ts';

const filterNames: Record<RegisterFilter, string> = { all: 'All', read: 'Read', changed: 'Changed', watched: 'Watched' };
const rates = [1, 2, 4] as const;

/** The controls. `perRead` is how many registers one snapshot reads; `onExport` is null while there is nothing to export. */
export function RegisterControls({ perRead, onCopy, onExport }: { perRead: number; onCopy: () => void; onExport: (() => void) | null }) {
  const { registerView: store, layout } = useModel();
  const base = fieldBase(useNumberBase());
  const view = useStore(store);
  return (
    <>
      <input
        type="search"
        aria-label="Search registers"
        placeholder="Name, offset, field, meaning"
        value={view.search}
        onChange={(event) => store.setState({ search: event.target.value })}
      />
      <select
        aria-label="Which registers"
        value={view.filter}
        onChange={(event) => store.setState({ filter: event.target.value as RegisterFilter })}
      >
        {registerFilters.map((one) => (
          <option key={one} value={one}>
            {filterNames[one]}
          </option>
        ))}
      </select>
      <span className="spacer" />
      <button
        type="button"
        aria-pressed={base === 'dec'}
        title="Values as hexadecimal or decimal numbers, here and in the other panels (X)"
        onClick={() => layout.setState({ numberBase: base === 'hex' ? 'dec' : 'mixed' })}
      >
        {base === 'hex' ? 'Hex' : 'Dec'}
      </button>
      <select
        aria-label="Reads a second"
        title={`Each reads ${perRead} registers of the card`}
        value={view.hz}
        onChange={(event) => store.setState({ hz: Number(event.target.value) as 1 | 2 | 4 })}
      >
        {rates.map((rate) => (
          <option key={rate} value={rate}>
            {rate} Hz
          </option>
        ))}
      </select>
      <button type="button" title="Copy the chosen register with its fields, else all that were read" onClick={onCopy}>
        Copy
      </button>
      <button type="button" title="Save what is listed as CSV" disabled={onExport === null} onClick={() => onExport?.()}>
        CSV
      </button>
    </>
  );
}
