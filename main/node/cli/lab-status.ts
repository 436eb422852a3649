// What runs in a lab's session, in the words of its own events.
import type { EventOf } from '#common/protocol.ts';
import type { Collected } from './collected.ts';

/** A running session's lab, as `ringscope lab --json` prints it. */
export interface LabStatus {
  readonly session: string;
  readonly running: true;
  readonly target: Pick<EventOf<'target'>, 'kind' | 'phase' | 'step' | 'accelerator' | 'machine' | 'reason'>;
  readonly agent: { readonly version: string; readonly kernel: string } | null;
  readonly module: { readonly name: string; readonly state: string; readonly version: string | null } | null;
  readonly devices: readonly {
    readonly pciAddress: string;
    readonly driver: string | null;
    readonly interface: string | null;
    readonly carrier: boolean | null;
    readonly speedMbps: number | null;
  }[];
  readonly traffic: Pick<EventOf<'traffic'>, 'running' | 'direction' | 'framesPerSecond' | 'frameBytes'> | null;
}

/** No session of this name runs. */
export interface NoLab {
  readonly session: string;
  readonly running: false;
}

/** The status from what a session has told; null until it has said how its target stands. */
export function labStatus(name: string, collected: Collected): LabStatus | null {
  const target = collected.event('target');
  if (!target) return null;
  const { kind, phase, step, accelerator, machine, reason } = target;
  // What an agent said before its target ended is no longer so.
  const live = phase === 'live';
  const hello = live ? collected.event('hello') : null;
  const module = live ? collected.event('module') : null;
  const traffic = live ? collected.event('traffic') : null;
  const devices = (live && collected.event('devices')?.devices) || [];
  return {
    session: name,
    running: true,
    target: { kind, phase, step, accelerator, machine, reason },
    agent: hello && { version: hello.agent, kernel: hello.kernel },
    module: module && { name: module.name, state: module.state, version: module.version },
    devices: devices.map(({ pciAddress, driver, interface: port, carrier, speedMbps }) => ({
      pciAddress,
      driver,
      interface: port,
      carrier,
      speedMbps,
    })),
    traffic: traffic && {
      running: traffic.running,
      direction: traffic.direction,
      framesPerSecond: traffic.framesPerSecond,
      frameBytes: traffic.frameBytes,
    },
  };
}

function deviceText({ pciAddress, driver, interface: port, carrier, speedMbps }: LabStatus['devices'][number]): string {
  const words = [pciAddress, driver ?? 'without a driver'];
  // The link partner's interface is in a namespace of its own, where the agent does not look.
  if (port === null) return words.join(' ');
  const link = carrier ? `link up${speedMbps ? ` ${speedMbps} Mb/s` : ''}` : 'link down';
  return `${[...words, port].join(' ')}, ${link}`;
}

/** The status in a few lines. */
export function labStatusText(status: LabStatus | NoLab): string {
  if (!status.running) return `session   ${status.session}: nothing runs\n`;
  const { session, target, agent, module, devices, traffic } = status;
  const rows = [
    ['session', session],
    ['target', `${target.kind}, ${target.phase}: ${target.step}`],
    ...(target.machine ? [['machine', `${target.machine}${target.accelerator ? ` under ${target.accelerator.toUpperCase()}` : ''}`]] : []),
    ...(target.reason ? [['reason', `${target.reason.detail} ${target.reason.remedy}`]] : []),
    ...(agent ? [['agent', `${agent.version}, Linux ${agent.kernel}`]] : []),
    ...(module ? [['module', `${module.name} ${module.version ?? ''} ${module.state}`.replaceAll('  ', ' ')]] : []),
    ...devices.map((device) => ['device', deviceText(device)]),
    ...(traffic
      ? [['traffic', traffic.running ? `${traffic.direction}, ${traffic.framesPerSecond} frames/s of ${traffic.frameBytes} B` : 'none']]
      : []),
  ];
  return rows.map(([left = '', right = '']) => `${left.padEnd(10)}${right}\n`).join('');
}
