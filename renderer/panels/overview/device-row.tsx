// One card of the overview: who drives it, how its link stands, where it sits on the bus, and what can be done with it.
import type { Device } from '#common/protocol.ts';
import { formatCount, missing } from '../../ui/format.ts';
import { useLayout, useModel, useObservation, useSession } from '../../ui/model-context.tsx';
import { ReleaseButton, TakeButton } from '../machine/lending.tsx';
import { belowMaximum, linkText, newErrors } from './pcie.ts';

// What is shown of it changes when somebody pulls a cable or a link retrains. An observation reads the card's statistics too, which costs it register reads.
const observeHz = 0.2;

const hex = (id: number) => id.toString(16).padStart(4, '0');

function Link({ device }: { device: Device }) {
  if (device.interface === null) {
    return (
      <span className="soft" title="No driver has made an interface of this card">
        {missing}
      </span>
    );
  }
  if (device.administrativeUp === false) return <span className="soft">○ down</span>;
  if (device.carrier !== true) return <span className="link-down">✕ no carrier</span>;
  return <span className="link-up">● {device.speedMbps === null ? 'up' : `${device.speedMbps} Mb/s ${device.duplex ?? ''}`}</span>;
}

/** The cells that the observation fills; `–` with the reason while there is none. */
function Bus({ device }: { device: string }) {
  const seen = useSession((state) => state.observations[device]);
  const fault = useSession((state) => state.watchFaults[`${device} observation`]);
  const isRecording = useSession((state) => state.target?.kind === 'recording');
  if (!seen) {
    const waiting = isRecording
      ? 'The recording holds no observation of this card before this instant'
      : 'Waiting for the first observation';
    const reason = fault ? `${fault.message} ${fault.remedy ?? ''}` : waiting;
    return ['numa', 'vectors', 'pcie', 'aer'].map((cell) => (
      <td key={cell} className={`number ${cell}`} title={reason}>
        {missing}
      </td>
    ));
  }
  const { pcie } = seen.newest;
  const now = linkText(pcie.speed, pcie.width);
  const most = linkText(pcie.maxSpeed, pcie.maxWidth);
  const below = belowMaximum(pcie);
  const risen = pcie.aer && newErrors(seen.before?.pcie.aer, pcie.aer);
  return (
    <>
      <td
        className="number numa"
        title={pcie.numaNode === null ? 'The firmware names no node: the machine has one, or does not say' : undefined}
      >
        {pcie.numaNode ?? missing}
      </td>
      <td
        className="number vectors"
        title={pcie.msiVectors.length > 0 ? `Linux IRQs ${pcie.msiVectors.join(', ')}` : 'The driver has asked for no MSI or MSI-X vector'}
      >
        {pcie.msiVectors.length > 0 ? pcie.msiVectors.length : missing}
      </td>
      <td
        className="number pcie"
        title={below ?? (now === null ? 'The device has no PCI Express link, or the kernel does not tell' : undefined)}
      >
        {now ?? missing}
        {most === null ? null : <span className={below ? 'below' : 'soft'}> {below ? `▼ of ${most}` : `of ${most}`}</span>}
      </td>
      <td
        className="number aer"
        title={
          pcie.aer
            ? `${formatCount(pcie.aer.correctable)} correctable, ${formatCount(pcie.aer.nonfatal)} non-fatal, ${formatCount(pcie.aer.fatal)} fatal, as this device’s end of the link counted them${risen ? `; ${risen} since the look before` : ''}`
            : 'The kernel counts no PCIe errors for this device: it has no AER capability, or the firmware keeps it for itself'
        }
      >
        {pcie.aer ? (
          <span className={pcie.aer.nonfatal + pcie.aer.fatal > 0 ? 'link-down' : pcie.aer.correctable > 0 ? 'below' : ''}>
            {formatCount(pcie.aer.correctable)} · {formatCount(pcie.aer.nonfatal)} · {formatCount(pcie.aer.fatal)}
            {risen ? ' ▲' : ''}
          </span>
        ) : (
          missing
        )}
      </td>
    </>
  );
}

/** The row. */
export function DeviceRow({ device, isChosen }: { device: Device; isChosen: boolean }) {
  const model = useModel();
  const view = useLayout((state) => state.view);
  const isLive = useSession((state) => state.target?.phase === 'live');
  const role = useSession((state) => state.hello?.role);
  const lent = useSession((state) => state.taken).find(({ device: address }) => address === device.pciAddress);
  useObservation(isLive ? device.pciAddress : null, observeHz);
  const choose = () => model.layout.setState({ device: device.pciAddress, slot: null });
  return (
    <tr aria-selected={isChosen} data-device={device.pciAddress} data-driver={device.driver ?? ''}>
      <td>
        <button type="button" className="quiet mono" aria-pressed={isChosen} title="Make the window about this card" onClick={choose}>
          {device.pciAddress}
        </button>
      </td>
      <td className="mono soft id" title="PCI vendor and device">
        {hex(device.vendorId)}:{hex(device.deviceId)}
      </td>
      <td>{device.driver ?? <span className="soft">none</span>}</td>
      <td className="mono">{device.interface ?? missing}</td>
      <td>
        <Link device={device} />
      </td>
      <Bus device={device.pciAddress} />
      <td className="holds">
        {device.holds.map(({ what, detail }) => (
          <span key={`${what} ${detail}`}>▲ {detail}</span>
        ))}
        {lent ? (
          <span className="soft">
            lent by {lent.previousDriver ?? 'nobody'}
            {lent.previousInterface ? `, ${lent.previousInterface}` : ''}
          </span>
        ) : device.holds.length === 0 ? (
          <span className="soft">nothing known</span>
        ) : null}
      </td>
      <td className="action">
        {lent ? <ReleaseButton lent={lent} /> : role === 'observe' ? null : <TakeButton device={device} />}
        {view === 'machine' ? null : (
          <button
            type="button"
            title="Queues, statistics and settings of this card under any driver"
            aria-label={`Open Machine for ${device.pciAddress}`}
            onClick={() => {
              choose();
              model.layout.setState({ view: 'machine' });
            }}
          >
            Machine
          </button>
        )}
      </td>
    </tr>
  );
}
