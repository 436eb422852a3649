// The session's lab desk on a lab of words: who may pull what, and that a card that comes back goes to the driver that had it.
import { expect, test } from 'vitest';
import type { LabEvent } from '../../../main/common/protocol/lab.ts';
import type { Device } from '../../../main/common/protocol.ts';
import { ok } from '../../../main/common/result.ts';
import { LabPorts } from '../../../main/node/lab/lab-ports.ts';
import type { Monitor } from '../../../main/node/lab/monitor.ts';
import { LabDesk } from '../../../main/node/session/lab-desk.ts';
import { FakeTarget } from '../../support/fake-target.ts';
import { device } from '../../support/wire-payloads.ts';

/** A monitor that answers what it is told to. */
class Words {
  readonly said: string[] = [];
  onSaid: (command: string) => void = () => undefined;

  async execute(command: string, args: Record<string, unknown> = {}): Promise<void> {
    this.said.push([command, ...Object.values(args)].join(' '));
    this.onSaid(command);
  }
}

function desk(devices: readonly Device[] = [device], limits = { unplugMs: 1000, plugMs: 1000 }) {
  const monitor = new Words();
  const ports = new LabPorts(() => monitor as unknown as Monitor, limits);
  const told: LabEvent[] = [];
  const given: string[] = [];
  const made = new LabDesk({
    devices: () => devices,
    setDriver: async (address, driver) => {
      given.push(`${address} ${driver}`);
      return ok(undefined);
    },
    tell: (event) => told.push(event),
  });
  made.attach(Object.assign(new FakeTarget(), { lab: ports }));
  return { monitor, ports, made, told, given, newest: () => told.at(-1)?.ports };
}

test('without a lab every request says where there is one', async () => {
  const { made } = desk();
  made.attach(new FakeTarget());
  const answer = await made.serve({ verb: 'lab-plug', arguments: { port: 0 } });
  expect(answer).toMatchObject({ ok: false, error: { code: 'not-available', remedy: 'Inspect the lab guest.' } });
  expect(made.event).toBeNull();
});

test('a cable is pulled at the card, and everybody is told', async () => {
  const { made, monitor, newest } = desk();
  expect(await made.serve({ verb: 'lab-link', arguments: { port: 1, up: false } })).toEqual(ok(undefined));
  expect(monitor.said).toEqual(['set_link port-1 false']);
  expect(newest()).toMatchObject([{ isCabled: true }, { isCabled: false, step: null }]);
});

test('an unplugged card is gone when the guest has let go of it, and meanwhile nothing else is done', async () => {
  const { made, ports, newest } = desk();
  const unplugged = made.serve({ verb: 'lab-unplug', arguments: { port: 0 } });
  expect(newest()?.[0]).toMatchObject({ isPlugged: true, step: expect.stringContaining('five seconds') });
  expect(await made.serve({ verb: 'lab-link', arguments: { port: 1, up: false } })).toMatchObject({ error: { code: 'busy' } });
  ports.takeMonitorEvent('DEVICE_DELETED', { path: '/machine/peripheral/other' });
  expect(newest()?.[0]?.isPlugged).toBe(true);
  ports.takeMonitorEvent('DEVICE_DELETED', { device: 'port-0' });
  expect(await unplugged).toEqual(ok(undefined));
  expect(newest()?.[0]).toMatchObject({ isPlugged: false, step: null, fault: null });
});

test('a card that comes back is given to the driver that had it once the guest lists it', async () => {
  const { made, ports, monitor, given, newest } = desk();
  monitor.onSaid = (command) => command === 'device_del' && ports.takeMonitorEvent('DEVICE_DELETED', { device: 'port-0' });
  await made.serve({ verb: 'lab-unplug', arguments: { port: 0 } });
  const plugged = made.serve({ verb: 'lab-plug', arguments: { port: 0 } });
  await expect.poll(() => newest()?.[0]?.step).toContain('lists');
  made.take({ type: 'devices', devices: [] });
  expect(given).toEqual([]);
  made.take({ type: 'devices', devices: [{ ...device, driver: 'igb' }] });
  expect(await plugged).toEqual(ok(undefined));
  expect(given).toEqual(['0000:01:00.0 rigb']);
  expect(monitor.said.at(-1)).toBe('device_add igb port-0 root-port-0 network-0 52:54:00:00:00:01');
  expect(newest()?.[0]).toMatchObject({ isPlugged: true, isCabled: true, step: null });
});

test('a guest that does not let go is told with QEMU’s words or the time it took', async () => {
  const { made, ports, newest } = desk([device], { unplugMs: 5, plugMs: 5 });
  const refused = made.serve({ verb: 'lab-unplug', arguments: { port: 0 } });
  ports.takeMonitorEvent('DEVICE_UNPLUG_GUEST_ERROR', { device: 'port-0' });
  expect(await refused).toMatchObject({ error: { message: 'The guest refuses to let go of the card.' } });
  const late = await made.serve({ verb: 'lab-unplug', arguments: { port: 0 } });
  expect(late).toMatchObject({ error: { code: 'failed', message: expect.stringContaining('within 0.005 s') } });
  expect(newest()?.[0]).toMatchObject({ isPlugged: true, step: null, fault: expect.stringContaining('within') });
});

test('another guest begins with both cards in and the cable between them', async () => {
  const { made, ports, newest } = desk();
  await made.serve({ verb: 'lab-link', arguments: { port: 0, up: false } });
  const waiting = made.serve({ verb: 'lab-unplug', arguments: { port: 1 } });
  ports.renew();
  expect(await waiting).toMatchObject({ error: { message: 'The guest has ended.' } });
  expect(newest()?.map(({ isPlugged, isCabled, fault }) => isPlugged && isCabled && fault === null)).toEqual([true, true]);
});
