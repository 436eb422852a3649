// The instants of one life in words and numbers, the interrupt and the poll of its end among them.
import type { Notice, SlotLife, TracedRing } from '#common/trace/slot-life.ts';
import type { DeviceTrace } from '../../state/trace-events.ts';
import { missing } from '../../ui/format.ts';
import { formatLatency } from '../../ui/format-latency.ts';
import { useModel } from '../../ui/model-context.tsx';

interface Instant {
  readonly name: string;
  readonly ns: number | null;
  readonly sinceNs: number | null;
  readonly since: string;
  /** Why it is missing. */
  readonly reason: string;
}

function instantsOf(life: SlotLife, notice: Notice | null, kind: TracedRing['kind']): Instant[] {
  const { postedNs, doorbellNs, doneNs, refilledNs } = life;
  const after = (ns: number | null, before: number | null) => (ns === null || before === null ? null : ns - before);
  const lines: Instant[] = [
    { name: 'Posted', ns: postedNs, sinceNs: null, since: '', reason: '' },
    {
      name: kind === 'tx' ? 'Doorbell' : 'Announced (refill)',
      ns: doorbellNs,
      sinceNs: after(doorbellNs, postedNs),
      since: 'posted',
      reason: 'The tail was not written since, or before the events were on.',
    },
    {
      name: 'Interrupt',
      ns: notice?.irqNs ?? null,
      sinceNs: after(notice?.irqNs ?? null, doorbellNs),
      since: 'doorbell',
      reason: 'No interrupt of the queue’s vector is known before it was done.',
    },
    {
      name: 'Seen done',
      ns: doneNs,
      sinceNs: after(doneNs, doorbellNs ?? postedNs),
      since: doorbellNs === null ? 'posted' : 'doorbell',
      reason: 'The driver has not seen it done yet.',
    },
    {
      name: 'Poll ended',
      ns: notice?.pollNs ?? null,
      sinceNs: after(notice?.pollNs ?? null, doneNs),
      since: 'done',
      reason: 'The poll that sees it done has not ended yet.',
    },
  ];
  if (kind === 'tx') return lines;
  const refilled = { name: 'Given back (refill)', ns: refilledNs, sinceNs: after(refilledNs, doneNs), since: 'done' };
  return [...lines, { ...refilled, reason: 'Its next buffer was not announced yet.' }];
}

/** The instants of one life. Pointing at one shows it in every panel; a click keeps it. */
export function Instants({
  trace,
  life,
  notice,
  kind,
}: {
  trace: DeviceTrace;
  life: SlotLife;
  notice: Notice | null;
  kind: TracedRing['kind'];
}) {
  const { time } = useModel();
  return (
    <table className="life-instants" aria-label="Instants of this life">
      <tbody>
        {instantsOf(life, notice, kind).map(({ name, ns, sinceNs, since, reason }) => (
          <tr
            key={name}
            onMouseEnter={() => time.setState({ hoveredSeconds: ns === null ? null : trace.secondsAt(ns) })}
            onMouseLeave={() => time.setState({ hoveredSeconds: null })}
          >
            <th scope="row">{name}</th>
            <td className="number" title={ns === null ? reason : 'Seconds since boot (CLOCK_MONOTONIC)'}>
              {ns === null ? (
                missing
              ) : (
                <button
                  type="button"
                  className="quiet mono"
                  title={`Choose this instant in every panel: ${name.toLowerCase()}`}
                  onClick={() => time.setState({ chosenSeconds: trace.secondsAt(ns) })}
                >
                  {trace.secondsAt(ns).toFixed(6)} s
                </button>
              )}
            </td>
            <td className="number">{sinceNs === null ? missing : formatLatency(sinceNs)}</td>
            <td className="soft">{sinceNs === null ? '' : `after ${since}`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What the poll found that saw a descriptor done. */
export function pollInWords({ received, cleaned, isExhausted }: Notice): string {
  if (received === null || cleaned === null) return 'The poll that saw it done is not known.';
  const why = isExhausted ? 'its budget was used up, so the next poll came without an interrupt' : 'its budget was not used up';
  return `That poll received ${received} and cleaned ${cleaned}; ${why}.`;
}
