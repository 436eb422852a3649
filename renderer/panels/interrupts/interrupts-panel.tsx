// Interrupts: which CPU takes how many of which vector, what they are worth in frames, how they are spread and held back, and what they leave to softirqs.
import { Copy } from 'lucide-react';
import { useMemo, useState, useSyncExternalStore } from 'react';
import { useDevice, useModel, useObservation, useSession, useWatch } from '../../ui/model-context.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { copyText } from '../../ui/save-text.ts';
import { heatCsv } from './heat-csv.ts';
import { HeatMap } from './heat-map.tsx';
import type { HeatMode } from './heat-painter.ts';
import { VectorLatency } from './latency.tsx';
import { shownAge } from './measured.ts';
import { ModerationForm } from './moderation-form.tsx';
import { SoftirqTable } from './softirq-table.tsx';
import { StormNotice } from './storm-notice.tsx';
import { VectorDetail } from './vector-detail.tsx';
import { vectorRows } from './vector-rows.ts';

const vectorsHz = 4;
const observationHz = 1;

/** The panel. */
export function InterruptsPanel() {
  const model = useModel();
  const { vectorHistory, queueFrames, vectors, time } = model;
  const device = useDevice();
  const address = device?.pciAddress ?? null;
  const [isAll, setAll] = useState(false);
  const [mode, setMode] = useState<HeatMode>('rate');
  const [chosen, setChosen] = useState<string | null>(null);
  useWatch(device && device.rings.length > 0 ? address : null, 'vectors', vectorsHz);
  useObservation(address, observationHz);
  const seen = useSession((state) => (address ? state.observations[address]?.newest : undefined));
  const table = useSyncExternalStore(vectorHistory.subscribe, () => vectorHistory.table);
  const hasSamples = useSyncExternalStore(vectorHistory.subscribe, () => vectorHistory.length > 0);
  // Counts change four times a second, what the vectors are for hardly ever.
  const roles = useSyncExternalStore(vectors.subscribe, () =>
    JSON.stringify(address ? vectors.get(address)?.vectors.map(({ irq, roles: own, queue }) => [irq, own, queue]) : []),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the snapshot is read anew when its roles changed
  const rows = useMemo(
    () => (table ? vectorRows(table, address, address ? vectors.get(address) : undefined, seen, isAll) : []),
    [table, address, roles, seen?.queues, seen?.napis, seen?.affinity, isAll],
  );
  const vector = rows.find(({ irq }) => irq === chosen) ?? rows.find(({ queues }) => queues.length > 0) ?? rows[0] ?? null;
  const copy = () => {
    if (!table) return;
    const counted = address ? vectors.get(address) : undefined;
    const csv = heatCsv({
      table,
      rows,
      age: shownAge(vectorHistory, time.getState()),
      counted,
      vectorHistory,
      queueFrames,
      device: address,
    });
    void copyText(model, 'Table', csv);
  };
  const choices = (name: string, options: readonly (readonly [string, boolean, () => void])[]) => (
    <span role="group" aria-label={name} className="interrupt-choice">
      {options.map(([label, isOn, choose]) => (
        <button type="button" key={label} aria-pressed={isOn} onClick={choose}>
          {label}
        </button>
      ))}
    </span>
  );
  const controls = (
    <>
      <span className="spacer" />
      {choices('Cells show', [
        ['Rate', mode === 'rate', () => setMode('rate')],
        ['Total', mode === 'total', () => setMode('total')],
      ])}
      {choices('Vectors', [
        ['This device', !isAll, () => setAll(false)],
        ['All', isAll, () => setAll(true)],
      ])}
      <button type="button" className="quiet" aria-label="Copy the vectors as CSV" title="Copy the vectors as CSV" onClick={copy}>
        <Copy size={14} aria-hidden="true" />
      </button>
    </>
  );
  return (
    <Panel name="Interrupts" className="interrupts" controls={controls}>
      {table && hasSamples && rows.length > 0 ? (
        <div className="interrupt-sections">
          <StormNotice device={address} />
          <HeatMap table={table} rows={rows} device={address} mode={mode} chosen={vector?.irq ?? null} onChoose={setChosen} />
          {device && vector ? <VectorDetail device={device} vector={vector} seen={seen} cpus={table.cpus} /> : null}
          {device ? (
            <section aria-label="Moderation of interrupts">
              <h3>Moderation</h3>
              <ModerationForm key={device.pciAddress} device={device} seen={seen} />
            </section>
          ) : null}
          <section aria-label="Softirqs">
            <h3>Softirqs</h3>
            <div className="softirq-rows">
              <SoftirqTable table={table} />
            </div>
          </section>
          <section aria-label="Latency from interrupt to poll">
            <h3>Interrupt to poll</h3>
            <VectorLatency device={address} vector={vector} />
          </section>
        </div>
      ) : (
        <Empty what="Interrupts" />
      )}
    </Panel>
  );
}
