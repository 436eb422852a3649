// Both ports of the lab side by side: same quantities, same scales, same clock, whoever drives them.
import { useRef } from 'react';
import { type PortView, portsOf, whyNoLab } from '../../state/lab-ports.ts';
import type { SampleTable } from '../../state/sample-history.ts';
import type { TimePoints, TimeRange } from '../../state/time-store.ts';
import { useModel, useObservation, useSession, useWatch } from '../../ui/model-context.tsx';
import { usePaced } from '../../ui/paced.ts';
import { Panel } from '../../ui/panel.tsx';
import { TimeChart, type TimeSeries } from '../../ui/time-chart.tsx';
import { ComparisonTable } from './comparison-table.tsx';
import { highestOf, type PortKeys, PortRows, portKeys } from './port-series.ts';

const wordsMs = 500;
const pollsHz = 1;
const countsHz = 1;

/** One quantity: a chart of each port. */
interface Quantity {
  readonly name: string;
  readonly unit: string;
  readonly lines: readonly { readonly label: string; readonly of: keyof PortKeys; readonly dash?: readonly number[] }[];
}

const quantities: readonly Quantity[] = [
  {
    name: 'Frames',
    unit: '/s',
    lines: [
      { label: 'received', of: 'received' },
      { label: 'sent', of: 'sent', dash: [4, 3] },
    ],
  },
  { name: 'Interrupts', unit: '/s', lines: [{ label: 'interrupts', of: 'interrupts' }] },
  {
    name: 'Drops and errors',
    unit: '/s',
    lines: [
      { label: 'dropped', of: 'dropped' },
      { label: 'errors', of: 'errors', dash: [4, 3] },
    ],
  },
];

/** A port's hue is its driver's: ours as everywhere, the C driver's purple. */
export const driverToken = (driver: string | null): string => (driver === 'rigb' ? 'hardware' : driver === null ? 'free' : 'other-driver');

const unused: PortKeys = { received: [], sent: [], dropped: [], errors: [], interrupts: [] };

/** The rows of both ports; they change with the sample's table, with drivers and with interfaces. */
export function keysOf(table: SampleTable | null, views: readonly PortView[]): readonly PortKeys[] {
  return views.map((view) =>
    table ? portKeys(table, { address: view.address, interface: view.interface, isPartner: view.device?.interface == null }) : unused,
  );
}

function PortCharts({ views }: { views: readonly PortView[] }) {
  const model = useModel();
  const sources = useRef([model.history]);
  const rows = useRef(new PortRows());
  const keys = keysOf(model.history.table, views).map((now, port) => rows.current.take(views[port]?.address ?? '', now));
  const pointsOf = (port: number, of: keyof PortKeys, range: TimeRange, pixels: number): TimePoints =>
    model.history.rates(keys[port]?.[of] ?? [], range, pixels);
  return (
    <div className="comparison-charts">
      {quantities.flatMap(({ name, unit, lines }) =>
        views.map((view, port) => {
          const series = lines.map(
            ({ label, dash = [] }, line): TimeSeries => ({
              label: line === 0 ? `port ${view.port} ${label}` : label,
              token: driverToken(view.driver),
              dash,
            }),
          );
          return (
            <figure key={`${name} ${view.port}`} aria-label={`${name}, port ${view.port}`}>
              <TimeChart
                name={`${name} of port ${view.port}`}
                unit={unit}
                series={series}
                sources={sources.current}
                points={(index, range, pixels) => pointsOf(port, lines[index]?.of ?? 'received', range, pixels)}
                highest={(range, pixels) =>
                  highestOf(views.flatMap((_, other) => lines.map(({ of }) => pointsOf(other, of, range, Math.min(pixels, 200)))))
                }
                height={108}
              />
            </figure>
          );
        }),
      )}
    </div>
  );
}

/** Asks for what is counted of a port while somebody looks, and for what only rigb counts while it has the port. */
function CountsOf({ view }: { view: PortView }) {
  useObservation(view.device ? view.address : null, countsHz);
  useWatch(view.driver === 'rigb' && view.device?.rings.length ? view.address : null, 'vectors', pollsHz);
  return null;
}

/** The panel. */
export function ComparisonPanel() {
  const model = useModel();
  const empty = useSession(whyNoLab);
  const lab = useSession((state) => state.lab);
  const devices = useSession((state) => state.devices);
  const partner = useSession((state) => state.partner);
  usePaced(model.history, wordsMs);
  usePaced(model.queues, wordsMs);
  const views = portsOf({ lab, devices, partner });
  return (
    <Panel name="Side by side" className="comparison">
      {empty ? (
        <div className="empty">
          <span>Two ports side by side are the lab’s. {empty}</span>
          <button type="button" className="primary" onClick={() => void model.ask('choose-target', { target: { kind: 'lab' } })}>
            Inspect the lab guest
          </button>
        </div>
      ) : views.length === 0 ? (
        <p className="empty">The lab’s ports will be shown once its guest boots.</p>
      ) : (
        <>
          {views.map((view) => (
            <CountsOf key={view.port} view={view} />
          ))}
          <ComparisonTable views={views} keys={keysOf(model.history.table, views)} />
          <PortCharts views={views} />
        </>
      )}
    </Panel>
  );
}
