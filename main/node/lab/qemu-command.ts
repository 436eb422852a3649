// The guest as a QEMU command line, run inside the lab's own Debian root so that every machine has the same QEMU, however old its own is.
import { dirname } from 'node:path';
import type { LabDescription } from './lab-description.ts';

/** How the guest's processor is run: by the host's, or by translation. */
export type Accelerator = 'kvm' | 'tcg';

/** The name of the virtio-serial port that carries the agent's frames; the guest's init looks for it. */
export const agentPortName = 'org.ringscope.agent';

/** The id of the agent's port in QMP's `VSERPORT_CHANGE` events. */
export const agentPortId = 'agent-port';

/** The PCI address of port 0, the device under test, as the guest's kernel names it. */
export const deviceUnderTest = '0000:01:00.0';

/** A port's card as QEMU's command line and its monitor's `device_add` want it. */
export const portCard = (port: 0 | 1) => ({
  driver: 'igb',
  id: `port-${port}`,
  bus: `root-port-${port}`,
  netdev: `network-${port}`,
  mac: `52:54:00:00:00:0${port + 1}`,
});

/** Sockets in the runtime directory. The application listens, QEMU connects, so that nobody has to poll for the other. */
export const socketNames = { agent: 'agent.sock', console: 'console.sock', monitor: 'monitor.sock' } as const;

/**
 * bubblewrap's part: the build root read-only as `/`, the runtime directory and the guest's files below `/mnt`, no network, and an end together with
 * the process that started it (`--die-with-parent` holds for `kill -9` too).
 */
function sandbox(lab: LabDescription, runtimeDirectory: string): string[] {
  return [
    '--unshare-pid',
    '--unshare-net',
    '--die-with-parent',
    ...['--ro-bind', lab.root, '/', '--proc', '/proc', '--dev-bind', '/dev', '/dev', '--tmpfs', '/tmp', '--tmpfs', '/mnt'],
    ...['--ro-bind', dirname(lab.kernelImage), '/mnt/guest', '--bind', runtimeDirectory, '/mnt/run'],
    'qemu-system-x86_64',
  ];
}

function machine(accelerator: Accelerator): string[] {
  return [
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-M', 'q35', '-m', '512', '-smp', '2'],
    ...(accelerator === 'kvm' ? ['-accel', 'kvm', '-cpu', 'host'] : ['-accel', 'tcg,thread=multi', '-cpu', 'max']),
    ...['-kernel', '/mnt/guest/vmlinuz', '-initrd', '/mnt/guest/initramfs.cpio'],
  ];
}

/**
 * bubblewrap arguments for the lab: two igb ports on root ports, wired to each other by a hub; console, agent and monitor on three sockets. The root ports
 * run at the card's own 2.5 GT/s: at more, Linux takes the link for dead after a bus reset, because QEMU's never say that it is active again.
 */
export function labArguments(
  lab: LabDescription,
  runtimeDirectory: string,
  accelerator: Accelerator,
  kernelParameters = '',
  machineArguments: readonly string[] = [],
): string[] {
  const port = (index: 0 | 1) => {
    const { driver, ...properties } = portCard(index);
    return [
      ...['-device', `pcie-root-port,id=root-port-${index},slot=${index},chassis=${index + 1},x-speed=2_5`],
      ...['-netdev', `hubport,id=network-${index},hubid=0`],
      ...['-device', [driver, ...Object.entries(properties).map(([key, value]) => `${key}=${value}`)].join(',')],
    ];
  };
  return [
    ...sandbox(lab, runtimeDirectory),
    ...machine(accelerator),
    // `no_timer_check`: the kernel counts the timer's ticks against loops of its own, and on a host that is busy it would find the timer broken and stand still.
    // `iomem=relaxed`: the agent may map a card's registers to write one while a driver has it, for which Debian's kernel is otherwise too strict.
    ...['-append', `console=ttyS0 quiet panic=-1 no_timer_check iomem=relaxed ${kernelParameters}`.trim()],
    // Before the ports: an IOMMU has to be there when the devices behind it are made.
    ...machineArguments,
    ...port(0),
    ...port(1),
    ...['-chardev', `socket,id=console,path=/mnt/run/${socketNames.console}`, '-serial', 'chardev:console'],
    ...['-chardev', `socket,id=monitor,path=/mnt/run/${socketNames.monitor}`, '-mon', 'chardev=monitor,mode=control'],
    ...['-chardev', `socket,id=agent,path=/mnt/run/${socketNames.agent},reconnect-ms=200`],
    ...['-device', 'virtio-serial', '-device', `virtserialport,id=${agentPortId},chardev=agent,name=${agentPortName}`],
  ];
}

/** bubblewrap arguments for the KVM probe: the kernel alone, which says its version on the console and then ends for want of a root image. */
export function probeArguments(lab: LabDescription, runtimeDirectory: string): string[] {
  const bare = machine('kvm').slice(0, -2);
  return [...sandbox(lab, runtimeDirectory), ...bare, '-append', 'console=ttyS0 panic=-1', '-serial', 'stdio'];
}
