// How the card is set: link, rings, channels, coalescing, and its place on the PCIe bus.
import type { Device } from '#common/protocol.ts';
import { formatCount, missing } from '../../ui/format.ts';
import { useSession } from '../../ui/model-context.tsx';
import { PlainPanel } from '../../ui/plain-panel.tsx';
import { NotOffered } from './offered.tsx';

type Fact = readonly [name: string, value: string];

function Group({ title, facts, reason }: { title: string; facts: readonly Fact[] | null; reason: string | null }) {
  return (
    <>
      <h3>{title}</h3>
      {facts && facts.length > 0 ? (
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="number">{value}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p className="soft not-offered" data-testid="not-offered">
          {reason ?? 'The driver does not offer it.'}
        </p>
      )}
    </>
  );
}

const ofMaximum = (value: number, maximum: number) => `${formatCount(value)} of ${formatCount(maximum)}`;

/** The panel. */
export function DeviceSettings({ device }: { device: Device | null }) {
  const seen = useSession((state) => (device ? state.observations[device.pciAddress] : undefined))?.newest;
  const fault = useSession((state) => (device ? state.watchFaults[`${device.pciAddress} observation`] : undefined));
  if (!seen) {
    return (
      <PlainPanel name="Settings" className="settings" isText>
        <p className="empty">{fault ? `${fault.message} ${fault.remedy ?? ''}` : 'Settings: waiting for the first observation.'}</p>
      </PlainPanel>
    );
  }
  const { link, rings, channels, coalesce, pcie } = seen;
  const linkFacts: Fact[] | null = link.values && [
    ['negotiation', link.values.autonegotiation ? 'automatic' : 'fixed'],
    ['speed', link.values.speedMbps === null ? missing : `${formatCount(link.values.speedMbps)} Mb/s`],
    ['duplex', link.values.duplex ?? missing],
    ['port', link.values.port ?? missing],
  ];
  const ringFacts: Fact[] | null = rings.values && [
    ['receive', ofMaximum(rings.values.rx, rings.values.rxMax)],
    ['transmit', ofMaximum(rings.values.tx, rings.values.txMax)],
  ];
  const channelFacts: Fact[] | null =
    channels.values &&
    (['combined', 'rx', 'tx', 'other'] as const).flatMap((name): Fact[] => {
      const maximum = channels.values?.[`${name}Max`] ?? 0;
      return maximum > 0 ? [[name, ofMaximum(channels.values?.[name] ?? 0, maximum)]] : [];
    });
  const pcieFacts: Fact[] = [
    ['link', pcie.speed === null ? missing : `${pcie.speed}, ×${pcie.width ?? missing}`],
    ['could be', pcie.maxSpeed === null ? missing : `${pcie.maxSpeed}, ×${pcie.maxWidth ?? missing}`],
    ['NUMA node', pcie.numaNode === null ? 'none' : String(pcie.numaNode)],
    ['MSI vectors', pcie.msiVectors.length === 0 ? 'none' : pcie.msiVectors.join(' ')],
    ['errors', pcie.aer ? `${pcie.aer.correctable} correctable, ${pcie.aer.nonfatal} non-fatal, ${pcie.aer.fatal} fatal` : 'not counted'],
  ];
  const offered = [link, rings, channels, coalesce];
  const { reason } = link;
  // One reason for all, such as a card without an interface, is said once.
  const isNothingOffered = offered.every((one) => one.values === null && one.reason === reason);
  if (isNothingOffered) {
    return (
      <PlainPanel name="Settings" className="settings" isText>
        <NotOffered what="Link, rings, channels, coalescing" reason={reason} isSeen />
        <Group title="PCIe" facts={pcieFacts} reason={null} />
      </PlainPanel>
    );
  }
  return (
    <PlainPanel name="Settings" className="settings" isText>
      <Group title="Link" facts={linkFacts} reason={link.reason} />
      <Group title="Rings" facts={ringFacts} reason={rings.reason} />
      <Group title="Channels" facts={channelFacts} reason={channels.reason} />
      <Group
        title="Coalescing"
        facts={coalesce.values && Object.entries(coalesce.values).map(([name, value]): Fact => [name, formatCount(value)])}
        reason={coalesce.reason}
      />
      <Group title="PCIe" facts={pcieFacts} reason={null} />
    </PlainPanel>
  );
}
