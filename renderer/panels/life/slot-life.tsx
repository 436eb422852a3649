// The life of a chosen slot: when it was posted, told to the card, seen done and given back, and the interrupt and poll of that instant. Other panels embed it.
import { useMemo, useState } from 'react';
import type { TraceEventName } from '#common/trace/event-kinds.ts';
import { interruptToPoll } from '#common/trace/latencies.ts';
import { type NoticedLife, ringReport } from '#common/trace/ring-report.ts';
import type { SlotLife as Life, TracedRing } from '#common/trace/slot-life.ts';
import type { DeviceTrace } from '../../state/trace-events.ts';
import { missing } from '../../ui/format.ts';
import { formatLatency } from '../../ui/format-latency.ts';
import { useModel, useTime } from '../../ui/model-context.tsx';
import { usePaced } from '../../ui/paced.ts';
import { Instants, pollInWords } from './instants.tsx';
import { LatencyHistogram } from './latency-histogram.tsx';
import { LifeBar } from './life-bar.tsx';
import { TraceSwitch } from './trace-switch.tsx';
import { useTrace } from './use-trace.ts';

const shownLives = 5;
// A walk through all kept events takes some thirty milliseconds, and nobody reads faster.
const everyMs = 1000;

const eventsOf: Readonly<Record<TracedRing['kind'], readonly TraceEventName[]>> = {
  rx: ['rx_post', 'rx_refill', 'rx_done', 'irq', 'poll'],
  tx: ['tx_post', 'tx_doorbell', 'tx_done', 'irq', 'poll'],
};

/** Whether an instant lies within a life; one that has not ended goes on. */
function spans(trace: DeviceTrace, { postedNs, doneNs, refilledNs }: Life, seconds: number | null): boolean {
  if (seconds === null || seconds < trace.secondsAt(postedNs)) return false;
  const endNs = refilledNs ?? doneNs;
  return endNs === null || seconds <= trace.secondsAt(endNs);
}

/** The lives, newest first; one is shown in full. While the ring turns they are others each time, so that choosing one holds what is shown. */
function Lives({ trace, newest, kind }: { trace: DeviceTrace; newest: readonly NoticedLife[]; kind: TracedRing['kind'] }) {
  const [held, setHeld] = useState<{ readonly lives: readonly NoticedLife[]; readonly age: number } | null>(null);
  const hovered = useTime((state) => state.hoveredSeconds);
  const chosen = useTime((state) => state.chosenSeconds);
  const lives = held?.lives ?? newest;
  const shown = lives[held?.age ?? 0];
  if (!shown) return null;
  return (
    <>
      <ol className="life-list" aria-label="Last lives of this slot, newest first">
        {Array.from({ length: shownLives }, (_, index) => {
          const life = lives[index]?.life;
          return (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: a place in the list is what it is
              key={index}
              data-hovered={life !== undefined && spans(trace, life, hovered)}
              data-chosen={life !== undefined && spans(trace, life, chosen)}
            >
              {life ? (
                <button
                  type="button"
                  className="quiet"
                  aria-pressed={held !== null && life === shown.life}
                  title="Show this life, and hold the list"
                  onClick={() => setHeld({ lives, age: index })}
                >
                  <span className="mono">{trace.secondsAt(life.postedNs).toFixed(6)}</span>
                  <LifeBar life={life} />
                  <span className="number">
                    {life.doneNs === null ? missing : formatLatency((life.refilledNs ?? life.doneNs) - life.postedNs)}
                  </span>
                </button>
              ) : (
                <span className="soft">{missing}</span>
              )}
            </li>
          );
        })}
      </ol>
      <p className="life-switch">
        <button type="button" aria-pressed={held !== null} onClick={() => setHeld(held ? null : { lives, age: 0 })}>
          {held ? 'Held: go on' : 'Hold'}
        </button>
        <span className="soft">P posted · H the card’s · D done</span>
      </p>
      <Instants trace={trace} life={shown.life} notice={shown.notice} kind={kind} />
      <p className="soft">{shown.notice ? pollInWords(shown.notice) : 'It is still with the card, or the events after it are lost.'}</p>
    </>
  );
}

/** The section. `slot` is a descriptor's index. */
export function SlotLife({ device, ring, slot }: { device: string; ring: TracedRing; slot: number }) {
  const { traceEvents, vectors } = useModel();
  const control = useTrace(device, eventsOf[ring.kind]);
  const version = usePaced(traceEvents, everyMs);
  const { kind, queue } = ring;
  const trace = traceEvents.get(device);
  const counted = vectors.get(device)?.vectors.find((one) => one.queue === queue && one.roles.includes(kind));
  // The driver gives vector N to queue pair N; what it counts itself says so for sure.
  const vector = counted?.vector ?? queue;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the trace is the same object with other events
  const found = useMemo(
    () =>
      trace && {
        ...ringReport(trace, { kind, queue }, { slot, vector, count: shownLives }),
        interruptToPoll: interruptToPoll(trace, { vector, queue }),
      },
    [trace, kind, queue, slot, vector, version],
  );
  const hasLife = found !== undefined && found.lives.length > 0;
  return (
    <section className="slot-life" aria-label={`Life of slot ${slot}`}>
      <h3>Life of slot {slot}</h3>
      <TraceSwitch control={control} trace={trace} />
      {trace && hasLife && <Lives key={`${kind}${queue} ${slot}`} trace={trace} newest={found.lives} kind={kind} />}
      {control.isOn && !hasLife && !control.fault && (
        <p className="soft">No event of this slot yet. A slot has one each time the ring comes around; traffic makes it come.</p>
      )}
      {found && (
        <div className="life-spreads">
          <LatencyHistogram
            title={kind === 'tx' ? `TX ${queue}: posted to seen done` : `RX ${queue}: seen done to given back`}
            spread={found.lifeTimes}
            reason="No descriptor has ended its life since the events are on."
          />
          <LatencyHistogram
            title={`Vector ${vector}: interrupt to poll`}
            spread={found.interruptToPoll}
            reason="No interrupt of this vector since the events are on."
          />
        </div>
      )}
    </section>
  );
}
