// The network cards of the machine: who drives each, what depends on it, and lending it to our driver.
import type { Device } from '#common/protocol.ts';
import { missing } from '../../ui/format.ts';
import { useDevice, useModel, useSession } from '../../ui/model-context.tsx';
import { PlainPanel } from '../../ui/plain-panel.tsx';
import { ReleaseButton, TakeButton } from './lending.tsx';

const hex = (id: number) => id.toString(16).padStart(4, '0');

function Link({ device }: { device: Device }) {
  if (device.interface === null) return <span className="soft">{missing}</span>;
  if (device.administrativeUp === false) return <span className="soft">○ down</span>;
  if (device.carrier !== true) return <span className="link-down">✕ no carrier</span>;
  return <span className="link-up">● {device.speedMbps === null ? 'up' : `${device.speedMbps} Mb/s ${device.duplex ?? ''}`}</span>;
}

/** The panel. */
export function CardsPanel() {
  const model = useModel();
  const devices = useSession((state) => state.devices);
  const taken = useSession((state) => state.taken);
  const role = useSession((state) => state.hello?.role);
  const kind = useSession((state) => state.target?.kind);
  const chosen = useDevice();
  const controls = (
    <>
      <span className="spacer" />
      {role === 'observe' ? (
        <>
          <span className="soft">observe mode: nothing is changed</span>
          {kind === 'local' ? (
            <button type="button" onClick={() => void model.ask('choose-target', { target: { kind: 'local' } })}>
              Start the agent as root
            </button>
          ) : null}
        </>
      ) : null}
    </>
  );
  return (
    <PlainPanel name="Network cards" className="cards" controls={controls}>
      {devices && devices.length > 0 ? (
        <table>
          <thead>
            <tr>
              <th>Card</th>
              <th title="PCI vendor and device">Id</th>
              <th>Driver</th>
              <th>Interface</th>
              <th>Link</th>
              <th>What depends on it</th>
              <th aria-label="Lend" />
            </tr>
          </thead>
          <tbody>
            {devices.map((device) => {
              const lent = taken.find(({ device: address }) => address === device.pciAddress);
              return (
                <tr
                  key={device.pciAddress}
                  aria-selected={device.pciAddress === chosen?.pciAddress}
                  data-device={device.pciAddress}
                  data-driver={device.driver ?? ''}
                >
                  <td>
                    <button
                      type="button"
                      className="quiet mono"
                      aria-pressed={device.pciAddress === chosen?.pciAddress}
                      title="Show what the kernel tells of it"
                      onClick={() => model.layout.setState({ device: device.pciAddress, slot: null })}
                    >
                      {device.pciAddress}
                    </button>
                  </td>
                  <td className="mono soft">
                    {hex(device.vendorId)}:{hex(device.deviceId)}
                  </td>
                  <td>{device.driver ?? <span className="soft">none</span>}</td>
                  <td className="mono">{device.interface ?? missing}</td>
                  <td>
                    <Link device={device} />
                  </td>
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
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      ) : (
        <p className="empty">
          {devices ? 'This machine has no network card on a PCI bus (class 02).' : 'The agent has not said yet which cards there are.'}
        </p>
      )}
    </PlainPanel>
  );
}
