// Watched registers: value now, value at the instant that is pointed at, and a chart of what they were.
import { X } from 'lucide-react';
import type { PlacedRegister } from '#common/registers/register-file.ts';
import { toggleWatched } from '../../state/register-view.ts';
import { useModel, useTime } from '../../ui/model-context.tsx';
import { formatValue, shownValue, type ValueSources } from './register-value.ts';
import { rangeOf, StepChart } from './step-chart.tsx';

function Watched({ place, device, sources }: { place: PlacedRegister; device: string; sources: ValueSources }) {
  const model = useModel();
  const hovered = useTime((state) => state.hoveredSeconds);
  const shown = shownValue(place, sources);
  const history = sources.tracked?.history(place.offset);
  const [low, high] = history && history.values.length > 0 ? rangeOf(history) : [null, null];
  const then = hovered === null ? null : (sources.tracked?.value(place.offset, hovered) ?? null);
  return (
    <li>
      <div className="watched-facts">
        <span className="mono">{place.name}</span>
        <span className="number" title={shown.title}>
          {shown.text}
        </span>
        <span className="number soft">{then === null ? ' ' : `then ${formatValue(then, sources.base)}`}</span>
      </div>
      {history ? (
        <StepChart tracker={model.registers} device={device} offset={place.offset} name={place.name} />
      ) : (
        <p className="soft watched-nothing" title={shown.title}>
          {shown.title}
        </p>
      )}
      <div className="watched-range number soft" title="Highest and lowest value of the chart">
        <span>{high === null ? '' : formatValue(Math.max(0, Math.min(high, 0xffff_ffff)), sources.base)}</span>
        <span>{low === null ? '' : formatValue(Math.max(0, low), sources.base)}</span>
      </div>
      <button
        type="button"
        className="quiet"
        aria-label={`Watch ${place.name} no longer`}
        onClick={() => toggleWatched(model.registerView, place.offset)}
      >
        <X size={13} aria-hidden="true" />
      </button>
    </li>
  );
}

/** The list. */
export function WatchList({ places, device, sources }: { places: readonly PlacedRegister[]; device: string; sources: ValueSources }) {
  if (places.length === 0) return null;
  return (
    <ul className="register-watches" aria-label="Watched registers">
      {places.map((place) => (
        <Watched key={place.offset} place={place} device={device} sources={sources} />
      ))}
    </ul>
  );
}
