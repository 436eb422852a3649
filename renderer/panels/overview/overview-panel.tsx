// All network cards of the target on its PCI buses: driver, link, place on the bus, errors; which of them the window is about; and what to do next.
import { useDevice, useModel, useSession } from '../../ui/model-context.tsx';
import { PlainPanel } from '../../ui/plain-panel.tsx';
import { DeviceRow } from './device-row.tsx';
import { NextStep } from './next-step.tsx';

function Controls() {
  const model = useModel();
  const role = useSession((state) => state.hello?.role);
  const kind = useSession((state) => state.target?.kind);
  const module = useSession((state) => state.module);
  if (role === 'observe') {
    return (
      <>
        <span className="soft">observe mode: nothing is changed</span>
        <span className="spacer" />
        {kind === 'local' ? (
          <button type="button" onClick={() => void model.ask('choose-target', { target: { kind: 'local' } })}>
            Start the agent as root
          </button>
        ) : null}
      </>
    );
  }
  return (
    <>
      <span className="soft">
        {module?.name ?? 'rigb'}: {module?.state ?? 'not known yet'}
      </span>
      <span className="spacer" />
      <button
        type="button"
        disabled={!module || kind === 'recording' || module.state === 'loading' || module.state === 'unloading' || module.state === 'live'}
        title={module?.state === 'live' ? 'It is loaded' : 'Load the driver (U)'}
        onClick={() => void model.ask('load-module', {})}
      >
        Load
      </button>
    </>
  );
}

/** The panel. */
export function OverviewPanel() {
  const devices = useSession((state) => state.devices);
  const chosen = useDevice();
  return (
    <PlainPanel name="Overview" className="overview" controls={<Controls />}>
      {devices && devices.length > 0 ? (
        <>
          <NextStep devices={devices} />
          <div className="table-place">
            <table>
              <thead>
                <tr>
                  <th>Card</th>
                  <th className="id">Id</th>
                  <th>Driver</th>
                  <th>Interface</th>
                  <th>Link</th>
                  <th className="number numa" title="The memory node that the card is attached to">
                    NUMA
                  </th>
                  <th className="number vectors" title="Interrupt vectors that the driver has (MSI or MSI-X)">
                    MSI-X
                  </th>
                  <th className="number pcie" title="PCI Express link now, and at the most">
                    PCIe
                  </th>
                  <th className="number aer" title="PCIe errors (AER): correctable · non-fatal · fatal">
                    Errors
                  </th>
                  <th className="holds">What depends on it</th>
                  <th>
                    <span className="visually-hidden">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {devices.map((device) => (
                  <DeviceRow key={device.pciAddress} device={device} isChosen={device.pciAddress === chosen?.pciAddress} />
                ))}
              </tbody>
            </table>
          </div>
          <p className="soft aer-note">
            Errors are PCIe’s (AER): correctable · non-fatal · fatal. Each end of a link counts what it notices: some may rise at the port
            above the card alone.
          </p>
        </>
      ) : (
        <p className="empty">
          {devices ? 'This machine has no network card on a PCI bus (class 02).' : 'The agent has not said yet which cards there are.'}
        </p>
      )}
    </PlainPanel>
  );
}
