// Each queue of the card with the NAPI context that polls it and the interrupt that wakes it, and what the driver counts for it.
import type { Device } from '#common/protocol.ts';
import { formatCount, formatRate, missing } from '../../ui/format.ts';
import { useModel, useSession, useSource } from '../../ui/model-context.tsx';
import { formatCounted, useNumberBase } from '../../ui/number-base.ts';
import { PlainPanel } from '../../ui/plain-panel.tsx';
import { NotOffered, rateOf, secondsBetween } from './offered.tsx';

/** Names of statistics without what every one of them says. */
const short = (name: string) => name.replace(/^(rx|tx)-/, '');

/** The panel. */
export function QueueMap({ device }: { device: Device | null }) {
  const { history } = useModel();
  const base = useNumberBase();
  useSource(history);
  const seen = useSession((state) => (device ? state.observations[device.pciAddress] : undefined));
  const { newest, before } = seen ?? { newest: null, before: null };
  const queues = newest?.queues.items ?? [];
  const seconds = newest && secondsBetween(before, newest);
  const statistics = newest?.queueStatistics;
  const vectors = history.table?.vectors ?? [];
  return (
    <PlainPanel
      isText
      name="Queues, NAPI, interrupts"
      className="queue-map"
      controls={
        <>
          <span className="spacer" />
          <span className="soft">{queues.length > 0 ? statistics?.reason : null}</span>
        </>
      }
    >
      {queues.length === 0 ? (
        <NotOffered what="Queues" reason={newest?.queues.reason ?? null} isSeen={newest !== null} />
      ) : (
        <table>
          <thead>
            <tr>
              <th>Queue</th>
              <th className="number">NAPI</th>
              <th className="number">IRQ</th>
              <th>Vector</th>
              <th className="number">Interrupts</th>
              <th>Driver’s count</th>
            </tr>
          </thead>
          <tbody>
            {queues.map(({ kind, id, napiId }) => {
              const napi = newest?.napis.items.find((one) => one.id === napiId);
              const row = napi?.irq == null ? -1 : vectors.findIndex(({ irq }) => irq === String(napi.irq));
              const own = statistics?.items.find((one) => one.kind === kind && one.id === id);
              const earlier = before?.queueStatistics.items.find((one) => one.kind === kind && one.id === id);
              return (
                <tr key={`${kind}${id}`} data-queue={`${kind} ${id}`}>
                  <td>
                    {kind.toUpperCase()} {id}
                  </td>
                  <td className="number" title={napiId === null ? 'The driver has not linked this queue to a NAPI context' : undefined}>
                    {napiId ?? missing}
                    {napi?.threaded ? ' threaded' : ''}
                  </td>
                  <td className="number" title={newest?.napis.reason ?? undefined}>
                    {napi?.irq ?? missing}
                  </td>
                  <td>{vectors[row]?.name ?? missing}</td>
                  <td className="number">{row < 0 ? missing : formatRate(history.vectorRate(row), '')}</td>
                  <td className="counts number">
                    {own
                      ? Object.entries(own.values).map(([name, value]) => {
                          const rate = rateOf(value, earlier?.values[name], seconds);
                          return (
                            <span key={name} title={rate === null ? undefined : `${formatCount(rate)} a second`}>
                              <span className="soft">{short(name)}</span> {formatCounted(value, base)}
                            </span>
                          );
                        })
                      : missing}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </PlainPanel>
  );
}
