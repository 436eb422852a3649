// The chosen vector: its interrupts against the frames of its queues over the kept minute, its queues to go to, and the CPUs that may serve it.
import { queueKey } from '#common/interrupts/served-queues.ts';
import type { ObservationEvent } from '#common/protocol/observation.ts';
import type { Device } from '#common/protocol.ts';
import { formatCount, formatLogTime } from '../../ui/format.ts';
import { useModel, useSource } from '../../ui/model-context.tsx';
import { TimeChart } from '../../ui/time-chart.tsx';
import { AffinityEditor } from './affinity-editor.tsx';
import type { VectorRow } from './vector-rows.ts';

const chartHeight = 96;
const interrupts = { label: 'interrupts', dash: [] } as const;
const frames = { label: 'frames of its queues', dash: [4, 3] } as const;

/** Why there is no line of frames, or null. */
function whyNoFrames(vector: VectorRow, seen: ObservationEvent | undefined): string | null {
  if (!seen) return 'Frames: waiting for the first observation.';
  if (vector.queues.length === 0)
    return vector.isLink ? 'It tells of the link and brings no frames.' : 'Nobody tells which queues this interrupt serves.';
  if (seen.queueStatistics.items.length > 0) return null;
  return seen.ethtoolStatistics.items.some(({ name }) => /^(rx|tx).*\d.*(packets|pkts)$/.test(name))
    ? null
    : `Frames a queue are not counted: ${seen.queueStatistics.reason ?? 'the driver has no such counters.'}`;
}

/** Why the CPUs of a vector are not known; null where nobody says why. */
function whyNoAffinity(vector: VectorRow, seen: ObservationEvent | undefined): string | null {
  if (!vector.isOfDevice) return 'only that of the chosen card’s interrupts is told and set.';
  if (!seen) return 'waiting for the first observation.';
  return seen.affinity ? seen.affinity.reason : 'it was not told when this was recorded.';
}

/** What the driver's own handler made of the interrupts; it is told four times a second. */
function OwnCounts({ device, irq }: { device: string; irq: string }) {
  const { vectors } = useModel();
  useSource(vectors);
  const own = vectors.get(device)?.vectors.find((vector) => String(vector.irq) === irq);
  if (!own) return null;
  const facts = [
    `handled ${formatCount(Number(own.handled))}`,
    `spurious ${formatCount(Number(own.spurious))}`,
    `polls ${formatCount(Number(own.polls))}`,
    ...(own.exhausted === null ? [] : [`budget used up ${formatCount(Number(own.exhausted))}`]),
  ];
  const last = own.lastNs > 0n ? `The last one at ${formatLogTime(own.lastNs / 1000n)} s, to the timer tick` : undefined;
  return (
    <p className="own-counts number soft" title={last}>
      {facts.join(' · ')}
    </p>
  );
}

/** The section. */
export function VectorDetail({
  device,
  vector,
  seen,
  cpus,
}: {
  device: Device;
  vector: VectorRow;
  seen: ObservationEvent | undefined;
  cpus: readonly number[];
}) {
  const { layout, vectorHistory, queueFrames } = useModel();
  const missingFrames = whyNoFrames(vector, seen);
  return (
    <section className="vector-detail" aria-label={`Interrupt ${vector.irq}`}>
      <h3>
        <span className="number">{vector.irq}</span> {vector.name}
        {vector.queues
          .filter(({ kind, id }) => device.rings.some((ring) => ring.kind === kind && ring.index === id))
          .map(({ kind, id }) => (
            <button
              type="button"
              className="quiet"
              key={queueKey({ kind, id })}
              title="Show the descriptors of this ring"
              onClick={() => layout.setState({ ring: { kind, index: id }, slot: null })}
            >
              {kind.toUpperCase()} {id} →
            </button>
          ))}
      </h3>
      <OwnCounts device={device.pciAddress} irq={vector.irq} />
      <TimeChart
        name={`Interrupt ${vector.irq}`}
        unit="/s"
        height={chartHeight}
        series={missingFrames === null ? [interrupts, frames] : [interrupts]}
        sources={[vectorHistory, queueFrames]}
        points={(index, range, pixels) =>
          index === 0 ? vectorHistory.vectorRates(vector.row, range, pixels) : queueFrames.rates(device.pciAddress, vector.queues, range)
        }
      />
      {missingFrames === null ? null : <p className="soft not-offered">{missingFrames}</p>}
      <AffinityEditor
        key={vector.irq}
        device={device.pciAddress}
        vector={vector}
        cpus={cpus}
        timeNs={seen?.timeNs ?? null}
        reason={whyNoAffinity(vector, seen)}
      />
    </section>
  );
}
