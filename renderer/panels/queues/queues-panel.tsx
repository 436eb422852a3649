// Each queue of the device: all of them small, with curves and counts, and the chosen one large, with its ring, its fill level and the spread of traffic.
import type { Device } from '#common/protocol.ts';
import { occupancy } from '#common/rings/ring-backend.ts';
import type { RingChoice } from '../../state/layout-store.ts';
import { ringKey } from '../../state/ring-tracker.ts';
import { useDevice, useLayout, useModel, useObservation, useSession, useWatch } from '../../ui/model-context.tsx';
import { usePaced } from '../../ui/paced.ts';
import { Empty, Panel } from '../../ui/panel.tsx';
import { LargeRing } from './large-ring.tsx';
import { allFigures, queuesOf } from './queue-figures.ts';
import { queueRates } from './queue-rates.ts';
import { QueueTable } from './queue-table.tsx';
import { Spread } from './spread.tsx';

const statisticsHz = 1;
const vectorsHz = 2;
/** Words and numbers; curves and rings are drawn with each snapshot. */
const wordsMs = 400;

function Content({ device }: { device: Device }) {
  const model = useModel();
  const { queues, rings, vectors } = model;
  const address = device.pciAddress;
  const isShown = device.rings.length > 0;
  useWatch(isShown ? address : null, 'vectors', vectorsHz);
  usePaced(queues, wordsMs);
  const observation = useSession((state) => state.observations[address]?.newest) ?? null;
  const choice = useLayout((state) => state.ring);
  const all = queuesOf(device, observation);
  if (all.length === 0) return <Empty what="Queues" />;
  const pairs = allFigures({
    device,
    observation,
    vectors: vectors.get(address),
    vectorRates: (irq) => queues.vectorRates(address, irq),
    rates: (kind, index) => queueRates(model, device, kind, index),
    fill: (kind, index) => {
      const ring = rings.get(ringKey(address, kind, index))?.snapshot;
      return ring ? { used: occupancy(ring.after, ring.descriptorCount), size: ring.descriptorCount } : null;
    },
  });
  const choose = (ring: RingChoice) =>
    model.layout.setState(({ ring: before, slot }) => ({
      ring,
      slot: before.kind === ring.kind && before.index === ring.index ? slot : null,
    }));
  return (
    <div className="queue-split">
      <QueueTable device={device} pairs={pairs} chosen={choice} onChoose={choose} />
      <div className="queue-large">
        <LargeRing device={device} choice={choice} />
        <Spread device={address} queues={all} observation={observation} />
      </div>
    </div>
  );
}

/** The panel. */
export function QueuesPanel() {
  const device = useDevice();
  useObservation(device?.pciAddress ?? null, statisticsHz);
  return (
    <Panel name="Queues" className="queues">
      {device ? <Content device={device} /> : <Empty what="Queues" />}
    </Panel>
  );
}
