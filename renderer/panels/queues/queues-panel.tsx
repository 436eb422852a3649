// Each queue of the device: all of them small, with curves and counts, and the chosen one large, with its ring, its fill level and the spread of traffic.
import type { Device } from '#common/protocol.ts';
import { occupancy } from '#common/rings/ring-backend.ts';
import type { RingChoice } from '../../state/layout-store.ts';
import { ringKey } from '../../state/ring-tracker.ts';
import { useDevice, useLayout, useModel, useObservation, useSession, useWatch } from '../../ui/model-context.tsx';
import { usePaced } from '../../ui/paced.ts';
import { Empty, Panel } from '../../ui/panel.tsx';
import { LargeRing } from './large-ring.tsx';
import { allFigures, queuesOf, type RingKind } from './queue-figures.ts';
import { QueueTable } from './queue-table.tsx';
import { Spread } from './spread.tsx';

const statisticsHz = 1;
const vectorsHz = 2;
/** Words and numbers; curves and rings are drawn with each snapshot. */
const wordsMs = 400;

/** How fast a queue goes. The only queue of a direction goes as fast as its interface, which is sampled far more often than queues are counted. */
function useRates(device: Device) {
  const { history, queues } = useModel();
  return (kind: RingKind, index: number) => {
    const counted = queues.rates(device.pciAddress, kind, index);
    if (counted.frames !== null || device.rings.filter((ring) => ring.kind === kind).length !== 1) return counted;
    const rate = (name: string) => {
      const found = history.table?.counters.findIndex((counter) => counter.interface === device.interface && counter.name === name) ?? -1;
      return found < 0 ? null : history.counterRate(found);
    };
    const direction = kind.toUpperCase();
    return { frames: rate(`${direction} packets`), bytes: rate(`${direction} bytes`) };
  };
}

function Content({ device }: { device: Device }) {
  const model = useModel();
  const { queues, rings, vectors } = model;
  const address = device.pciAddress;
  const isShown = device.rings.length > 0;
  useWatch(isShown ? address : null, 'vectors', vectorsHz);
  usePaced(queues, wordsMs);
  const observation = useSession((state) => state.observations[address]?.newest) ?? null;
  const choice = useLayout((state) => state.ring);
  const rates = useRates(device);
  const all = queuesOf(device, observation);
  if (all.length === 0) return <Empty what="Queues" />;
  const pairs = allFigures({
    device,
    observation,
    vectors: vectors.get(address),
    vectorRates: (irq) => queues.vectorRates(address, irq),
    rates,
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
      <QueueTable device={address} pairs={pairs} chosen={choice} isShown={isShown} onChoose={choose} />
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
