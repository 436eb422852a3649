// The lab's two ports as the panel shows them, from what session, agent and window each know; and why a thing cannot be done now.
import { type LabDriver, type LabPort, labCapability } from '#common/protocol/lab.ts';
import type { Device } from '#common/protocol.ts';
import type { PortNumber } from './lab-actions.ts';
import type { SessionState } from './session-store.ts';

/** One port. */
export interface PortView {
  readonly port: PortNumber;
  readonly role: string;
  readonly address: string;
  readonly isPlugged: boolean;
  readonly isCabled: boolean;
  readonly step: string | null;
  readonly fault: string | null;
  /** Null while the guest does not list the card. */
  readonly device: Device | null;
  readonly driver: string | null;
  readonly interface: string | null;
  readonly mac: string | null;
  readonly mtu: number | null;
  /** Null while there is no interface, or while it is down. */
  readonly carrier: boolean | null;
  readonly speed: string | null;
}

const roles = ['device under test', 'link partner'] as const;

/** Both ports; empty before a guest has booted. */
export function portsOf({ lab, devices, partner }: Pick<SessionState, 'lab' | 'devices' | 'partner'>): PortView[] {
  return (lab?.ports ?? []).map((port: LabPort) => {
    const device = devices?.find(({ pciAddress }) => pciAddress === port.device) ?? null;
    const there = partner?.interface && partner.device === port.device ? partner : null;
    return {
      port: port.port,
      role: roles[port.port],
      address: port.device,
      isPlugged: port.isPlugged,
      isCabled: port.isCabled,
      step: port.step,
      fault: port.fault,
      device,
      driver: device?.driver ?? null,
      interface: device?.interface ?? there?.interface ?? null,
      mac: device?.mac ?? there?.mac ?? null,
      mtu: device?.mtu ?? there?.mtu ?? null,
      carrier: device?.carrier ?? there?.carrier ?? null,
      speed: device?.speedMbps ? `${device.speedMbps} Mb/s ${device.duplex ?? ''}`.trim() : null,
    };
  });
}

type Standing = Pick<SessionState, 'target' | 'connection' | 'replay' | 'hello'>;

/** Why the panel is empty: what is inspected is no lab. Null in the lab. */
export function whyNoLab({ target, replay }: Pick<SessionState, 'target' | 'replay'>): string | null {
  if (replay || target?.kind === 'recording') return 'What is inspected is a recording: nothing can be done to what is over.';
  if (target?.kind === 'local')
    return 'What is inspected is a real machine. Pulling cards and crashing kernels is done to the lab’s guest only, where nothing is lost.';
  return null;
}

/** Why nothing can be done through QEMU now, or null. */
export function whyNotMachine({ target, connection }: Standing): string | null {
  if (connection.name !== 'open') return 'The window is not connected to Ringscope.';
  return target?.phase === 'live' ? null : 'The guest does not run.';
}

/** Why nothing can be done through the guest's agent now, or null. */
export function whyNotAgent(state: Standing): string | null {
  const reason = whyNotMachine(state);
  if (reason) return reason;
  if (!state.hello) return 'The agent has not answered yet.';
  if (state.hello.capabilities.includes(labCapability)) return null;
  const missing = state.hello.missing.find(({ capability }) => capability === labCapability);
  return `The agent does not do this: ${missing?.reason ?? 'it is older than this window'}.`;
}

/** Why a port cannot be given to a driver, or null. */
export function whyNotDriver(port: PortView, driver: LabDriver | null, moduleState: string | undefined): string | null {
  if (!port.isPlugged) return 'The card is unplugged.';
  if (!port.device) return 'The guest’s kernel does not list the card yet.';
  if (driver === 'rigb' && moduleState !== 'live') return 'rigb is not loaded: load the driver first.';
  return null;
}
