import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Device, EventOf } from '../../../main/common/protocol.ts';
import { BootPanel } from '../../../renderer/panels/boot/boot-panel.tsx';
import { DeviceHeader } from '../../../renderer/panels/device/device-header.tsx';
import { numberFault } from '../../../renderer/panels/traffic/traffic-form.ts';
import { applyEvent } from '../../../renderer/state/session-store.ts';
import type { WindowModel } from '../../../renderer/state/window-model.ts';
import { chooseDevice } from '../../../renderer/ui/model-context.tsx';
import { RenderedWindow } from '../../support/rendered-window.tsx';

let rendered: RenderedWindow;
let model: WindowModel;
let place: HTMLElement;

beforeEach(() => {
  rendered = new RenderedWindow();
  ({ model, place } = rendered);
});

afterEach(() => rendered.end());

const show = (element: React.ReactNode) => rendered.show(element);
const text = () => place.textContent ?? '';

const target = (change: Partial<EventOf<'target'>>): EventOf<'target'> => ({
  type: 'target',
  kind: 'lab',
  phase: 'live',
  step: 'The agent answers',
  elapsedMs: 6000,
  accelerator: 'tcg',
  machine: 'QEMU q35',
  reason: null,
  lastConsoleLines: [],
  ...change,
});

const card: Device = {
  pciAddress: '0000:01:00.0',
  vendorId: 0x8086,
  deviceId: 0x10c9,
  driver: 'rigb',
  interface: 'eth0',
  mac: '52:54:00:00:00:01',
  mtu: 1500,
  carrier: true,
  operationalState: 'up',
  speedMbps: 1000,
  duplex: 'full',
  administrativeUp: true,
  rings: [{ kind: 'rx', index: 0 }],
  holds: [],
};

const module = (state: EventOf<'module'>['state']): EventOf<'module'> => ({
  type: 'module',
  name: 'rigb',
  state,
  version: null,
  sizeBytes: null,
  referenceCount: null,
  error: null,
});

test('a live card is named with driver, address, interface, MAC and link', () => {
  const devices: EventOf<'devices'> = { type: 'devices', devices: [card] };
  for (const event of [target({}), module('live'), devices]) applyEvent(model.session, event);
  show(<DeviceHeader />);
  for (const word of ['rigb', '0000:01:00.0', 'eth0', '52:54:00:00:00:01', '1000 Mb/s full', 'Unload driver'])
    expect(text()).toContain(word);
});

test('before there is data nothing is invented', () => {
  show(<DeviceHeader />);
  expect(text()).toContain('no driver');
  expect(text()).toContain('no link');
  expect(place.querySelector('[data-testid="module-state"]')?.textContent).toBe('–');
});

test('an absent driver can be loaded', () => {
  for (const event of [target({}), module('absent')]) applyEvent(model.session, event);
  show(<DeviceHeader />);
  const button = [...place.querySelectorAll('button')].find((one) => one.textContent === 'Load driver');
  expect(button?.disabled).toBe(false);
});

test('a link that is down says so in words, not by colour alone', () => {
  applyEvent(model.session, { type: 'devices', devices: [{ ...card, carrier: false }] });
  show(<DeviceHeader />);
  expect(place.querySelector('[data-testid="link-state"]')?.textContent).toContain('link down');
});

test('a guest that failed shows why, what helps, its last words and the way back', () => {
  const reason = { title: 'The guest panicked', detail: 'Kernel panic - not syncing', remedy: 'Restart the lab.' };
  applyEvent(model.session, target({ phase: 'failed', reason, lastConsoleLines: ['first', 'Kernel panic - not syncing: sysrq'] }));
  show(<BootPanel />);
  for (const word of ['The guest panicked', 'Restart the lab', 'not syncing: sysrq']) expect(text()).toContain(word);
});

test('while the guest boots its step is shown in words', () => {
  applyEvent(model.session, target({ phase: 'booting', step: 'Booting Linux 7.3.4' }));
  show(<BootPanel />);
  expect(text()).toContain('Booting Linux 7.3.4');
});

test('a token that was used is explained', () => {
  model.session.setState({ connection: { name: 'refused', reason: 'This address was already used.' } });
  show(<BootPanel />);
  expect(text()).toContain('This address was already used.');
});

test('the window is about the card whose driver shows its rings, unless another was chosen', () => {
  const partner: Device = { ...card, pciAddress: '0000:02:00.0', driver: 'igb', rings: [] };
  expect(chooseDevice([partner, card], null)?.pciAddress).toBe('0000:01:00.0');
  expect(chooseDevice([partner, card], '0000:02:00.0')?.pciAddress).toBe('0000:02:00.0');
  expect(chooseDevice(null, null)).toBeNull();
});

test('a frame size outside the wire is refused in words', () => {
  expect(numberFault('59', 60, 1514)).toBe('between 60 and 1514');
  expect(numberFault('abc', 60, 1514)).toBe('a whole number is wanted');
  expect(numberFault('1514', 60, 1514)).toBeNull();
});
