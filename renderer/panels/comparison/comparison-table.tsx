// The numbers of both ports at the shown instant. What one driver does not tell is a dash with the reason.

import type { PortView } from '../../state/lab-ports.ts';
import { counterKey } from '../../state/sample-history.ts';
import type { WindowModel } from '../../state/window-model.ts';
import { formatCount, missing } from '../../ui/format.ts';
import { useModel } from '../../ui/model-context.tsx';
import type { PortKeys } from './port-series.ts';

/** A number, or why there is none. */
export interface Compared {
  readonly value: number | null;
  readonly reason: string | null;
  readonly digits?: number;
}

/** A line of the table. */
interface Line {
  readonly name: string;
  readonly unit: string;
  readonly note: string;
  of(view: PortView, keys: PortKeys): Compared;
}

const because = (reason: string): Compared => ({ value: null, reason });

function counted(model: WindowModel, keys: readonly string[], view: PortView): Compared {
  if (view.interface === null) return because(view.isPlugged ? 'No driver has made an interface of this card.' : 'The card is unplugged.');
  if (keys.length === 0) return because('No sample has this yet.');
  const rates = keys.map((key) => model.history.rateAt(key, model.history.shownSeconds));
  if (rates.every((rate) => rate === null)) return because('Rates are the difference of two samples; there is only one yet.');
  return { value: rates.reduce<number>((sum, rate) => sum + (rate ?? 0), 0), reason: null };
}

/** Polls of all vectors that the driver counts, a second. */
function polls(model: WindowModel, view: PortView): Compared {
  if (view.driver === null) return because('No driver polls.');
  if (view.driver !== 'rigb') return because(`${view.driver} does not count its NAPI polls; rigb does, in debugfs.`);
  const vectors = model.vectors.get(view.address)?.vectors ?? [];
  const rates = vectors.map(({ irq }) => model.queues.vectorRates(view.address, irq).pollsPerSecond);
  if (rates.every((rate) => rate === null)) return because('Waiting for two snapshots of the driver’s vectors.');
  return { value: rates.reduce<number>((sum, rate) => sum + (rate ?? 0), 0), reason: null };
}

function ratio(dividend: Compared, divisor: Compared, reason: string): Compared {
  if (dividend.value === null) return dividend;
  if (divisor.value === null) return divisor;
  return divisor.value === 0 ? because(reason) : { value: dividend.value / divisor.value, reason: null, digits: 1 };
}

function linesOf(model: WindowModel): readonly Line[] {
  const count = (of: keyof PortKeys) => (view: PortView, keys: PortKeys) => counted(model, keys[of], view);
  const interrupts = (view: PortView, keys: PortKeys): Compared =>
    view.driver === null ? because('Without a driver the card has no interrupts.') : counted(model, keys.interrupts, view);
  return [
    { name: 'Received', unit: 'frames/s', note: 'rx_packets of the interface', of: count('received') },
    { name: 'Sent', unit: 'frames/s', note: 'tx_packets of the interface', of: count('sent') },
    { name: 'Dropped', unit: 'frames/s', note: 'rx_dropped, tx_dropped, rx_missed_errors and rx_fifo_errors', of: count('dropped') },
    { name: 'Errors', unit: 'frames/s', note: 'rx_errors and tx_errors', of: count('errors') },
    { name: 'Interrupts', unit: '/s', note: 'All vectors on all CPUs, as /proc/interrupts counts them', of: interrupts },
    {
      name: 'Frames an interrupt',
      unit: '',
      note: 'Received and sent frames to one interrupt: how well moderation bundles them',
      of: (view, keys) => {
        const [received, sent] = [count('received')(view, keys), count('sent')(view, keys)];
        const frames = received.value === null ? received : { value: received.value + (sent.value ?? 0), reason: null };
        return ratio(frames, interrupts(view, keys), 'No interrupts come.');
      },
    },
    { name: 'NAPI polls', unit: '/s', note: 'As the driver counts them', of: (view) => polls(model, view) },
  ];
}

const cpuNote =
  'How long each ksoftirqd ran, for both ports together: the kernel accounts softirq time by CPU, never by card. Frames that are served within the interrupt’s exit are in nobody’s account.';

/** Per cent of each CPU that its ksoftirqd took, in words. */
function softirqWords(model: WindowModel): string {
  const threads = (model.history.table?.counters ?? []).filter(({ source }) => source === 'ksoftirqd');
  const words = threads.map((counter) => {
    const nsPerSecond = model.history.rateAt(counterKey(counter), model.history.shownSeconds);
    // Broken between threads alone where the line is too long.
    return `${counter.name} ${nsPerSecond === null ? missing : `${(nsPerSecond / 1e7).toFixed(1)} %`}`.replaceAll(' ', '\u00a0');
  });
  return words.length > 0 ? words.join(' · ') : missing;
}

function Value({ compared: { value, digits }, unit }: { compared: Compared; unit: string }) {
  if (value === null) return missing;
  return (
    <>
      {digits === undefined ? formatCount(value) : value.toFixed(digits)}
      {unit && <span className="comparison-unit"> {unit}</span>}
    </>
  );
}

/** The table. */
export function ComparisonTable({ views, keys }: { views: readonly PortView[]; keys: readonly PortKeys[] }) {
  const model = useModel();
  return (
    <table className="comparison-table">
      <thead>
        <tr>
          <th scope="col">At the shown instant</th>
          {views.map(({ port, driver, role }) => (
            <th key={port} scope="col" className="number">
              <span className="swatch" data-driver={driver ?? 'none'} /> port {port} · {driver ?? 'none'}{' '}
              <span className="comparison-role">{role}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {linesOf(model).map((line) => (
          <tr key={line.name} data-name={line.name}>
            <th scope="row" title={line.note}>
              {line.name}
              {line.unit && <span className="comparison-row-unit soft"> {line.unit}</span>}
            </th>
            {views.map((view, index) => {
              const compared = line.of(view, keys[index] as PortKeys);
              return (
                <td key={view.port} className="number" data-port={view.port} title={compared.reason ?? line.note}>
                  <Value compared={compared} unit={line.unit} />
                </td>
              );
            })}
          </tr>
        ))}
        <tr data-name="CPU">
          <th scope="row" title={cpuNote}>
            CPU, both ports
          </th>
          <td className="number" colSpan={views.length} title={cpuNote}>
            {softirqWords(model)}
          </td>
        </tr>
      </tbody>
    </table>
  );
}
