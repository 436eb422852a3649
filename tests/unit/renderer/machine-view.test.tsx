// Overview, Machine and Doctor without a browser: events go into the model, words come out, clicks become requests.
import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DoctorCheck } from '../../../main/common/protocol/machine.ts';
import type { Device, EventOf, SessionEvent } from '../../../main/common/protocol.ts';
import { BootPanel } from '../../../renderer/panels/boot/boot-panel.tsx';
import { DoctorView } from '../../../renderer/panels/doctor/doctor-view.tsx';
import { whyNot } from '../../../renderer/panels/machine/lending.tsx';
import { MachineView } from '../../../renderer/panels/machine/machine-view.tsx';
import { rateOf, secondsBetween } from '../../../renderer/panels/machine/offered.tsx';
import { OverviewPanel } from '../../../renderer/panels/overview/overview-panel.tsx';
import type { WindowModel } from '../../../renderer/state/window-model.ts';
import { Empty } from '../../../renderer/ui/panel.tsx';
import { observation } from '../../support/observation.ts';
import { RenderedWindow } from '../../support/rendered-window.tsx';
import { helloEvent, moduleEvent, device as rigbDevice } from '../../support/wire-payloads.ts';

let rendered: RenderedWindow;
let model: WindowModel;
let place: HTMLElement;

beforeEach(() => {
  rendered = new RenderedWindow();
  ({ model, place } = rendered);
});
afterEach(() => rendered.end());

const show = (element: React.ReactNode) => rendered.show(element);
const take = (...events: SessionEvent[]) => rendered.tell(...events);
const text = () => document.body.textContent ?? '';
const button = (name: string) => [...document.body.querySelectorAll('button')].find((one) => one.textContent === name);
const click = (name: string) =>
  act(async () => {
    const found = button(name);
    if (!found) throw new Error(`There is no button "${name}" in: ${text()}`);
    found.click();
  });

const target: EventOf<'target'> = {
  type: 'target',
  kind: 'local',
  phase: 'live',
  step: 'The agent answers',
  elapsedMs: 100,
  accelerator: null,
  machine: 'host, Linux 7.3.4',
  reason: null,
  lastConsoleLines: [],
};
const card: Device = { ...rigbDevice, driver: 'igb', interface: 'lan0', rings: [], holds: [] };
const live: SessionEvent[] = [target, helloEvent(), moduleEvent('live'), { type: 'devices', devices: [card] }];

test('a card is listed with driver, interface, link and what depends on it', () => {
  const holds = [{ what: 'default-route' as const, detail: 'lan0 carries the default route.' }];
  take(target, helloEvent(), moduleEvent('live'), { type: 'devices', devices: [{ ...card, holds }] });
  show(<OverviewPanel />);
  for (const word of ['0000:01:00.0', '8086:10c9', 'igb', 'lan0', '1000 Mb/s full', 'lan0 carries the default route.'])
    expect(text()).toContain(word);
  expect(button('Take')?.disabled).toBe(false);
});

test('taking asks first where something depends on the card, and only a yes is passed on as one', async () => {
  const refusal = { code: 'needs-confirmation', message: 'lan0 carries the default route.' };
  const request = vi
    .spyOn(model, 'request')
    .mockImplementation(async (_, args) => ((args as { confirmed?: boolean }).confirmed ? null : refusal));
  take(...live);
  show(<OverviewPanel />);
  await click('Take');
  expect(text()).toContain('Take lan0 all the same?');
  expect(text()).toContain('lan0 carries the default route.');
  await click('Leave it');
  expect(request.mock.calls.map(([verb, args]) => [verb, args])).toEqual([['take-device', { device: card.pciAddress, confirmed: false }]]);
  await click('Take');
  await click('Take lan0');
  expect(request.mock.calls.at(-1)).toEqual(['take-device', { device: card.pciAddress, confirmed: true }]);
});

test('another refusal is a message, not a question', async () => {
  vi.spyOn(model, 'request').mockResolvedValue({ code: 'busy', message: 'br0 uses lan0.', remedy: 'Take it out of br0.' });
  take(...live);
  show(<OverviewPanel />);
  await click('Take');
  expect(text()).not.toContain('all the same');
  expect(model.session.getState().messages).toMatchObject([{ title: 'br0 uses lan0.', detail: 'Take it out of br0.' }]);
});

test('a card that was taken can be released', async () => {
  const request = vi.spyOn(model, 'request').mockResolvedValue(null);
  const lent = { device: card.pciAddress, previousDriver: 'igb', previousInterface: 'lan0', addresses: ['192.0.2.1/24'] };
  take(...live, { type: 'taken', devices: [lent] });
  show(<OverviewPanel />);
  expect(text()).toContain('lent by igb, lan0');
  await click('Release');
  expect(request).toHaveBeenCalledWith('release-device', { device: card.pciAddress });
});

test('why a card cannot be taken is said', () => {
  expect(whyNot({ ...card, deviceId: 0x1533 }, 'rigb', 'live')).toContain('82576');
  expect(whyNot(card, 'rigb', 'absent')).toBe('rigb is not loaded');
  expect(whyNot({ ...card, driver: 'rigb' }, 'rigb', 'live')).toContain('already');
  expect(whyNot(card, 'rigb', 'live')).toBeNull();
});

test('in observe mode nothing offers to change the machine, but the way to more', () => {
  take(target, { ...helloEvent(), role: 'observe' }, moduleEvent('absent'), { type: 'devices', devices: [card] });
  show(
    <>
      <OverviewPanel />
      <MachineView />
    </>,
  );
  expect(button('Take')).toBeUndefined();
  expect(button('Load')?.disabled).toBe(true);
  expect(button('Start the agent as root')).toBeDefined();
});

test('an observation shows queues with NAPI and interrupt, statistics with rates, and what the driver does not offer', () => {
  take(
    ...live,
    observation(),
    observation({
      timeNs: '3000000000',
      ethtoolStatistics: {
        items: [
          { name: 'rx_packets', value: 1400 },
          { name: 'tx_packets', value: 50 },
        ],
        reason: null,
      },
    }),
  );
  show(<MachineView />);
  const row = place.querySelector('[data-queue="rx 0"]');
  expect(row?.textContent).toContain('8193');
  expect(row?.textContent).toContain('27');
  expect(place.querySelector('[data-name="rx_packets"]')?.textContent).toContain('200 frames/s');
  for (const word of [
    'igb offers no queue statistics.',
    'igb offers no channels.',
    '256 of 4\u2009096',
    'rx-usecs',
    '2.5 GT/s PCIe, ×1',
    'twisted pair',
  ])
    expect(text()).toContain(word);
});

test('statistics can be cut to those that change', async () => {
  take(
    ...live,
    observation(),
    observation({
      timeNs: '2000000000',
      ethtoolStatistics: {
        items: [
          { name: 'rx_packets', value: 1400 },
          { name: 'tx_packets', value: 50 },
        ],
        reason: null,
      },
    }),
  );
  show(<MachineView />);
  await click('Changing');
  expect([...place.querySelectorAll('.ethtool-statistics tr[data-name]')].map((one) => one.getAttribute('data-name'))).toEqual([
    'rx_packets',
  ]);
});

test('a driver that offers nothing says so everywhere', () => {
  const reason = 'virtio_net has none of it.';
  const nothing = { items: [], reason };
  const none = { values: null, reason };
  take(
    ...live,
    observation({
      queues: nothing,
      napis: nothing,
      queueStatistics: nothing,
      ethtoolStatistics: nothing,
      rings: none,
      channels: none,
      coalesce: none,
      link: none,
    }),
  );
  show(<MachineView />);
  expect(place.querySelectorAll('[data-testid="not-offered"]')).toHaveLength(3);
  for (const one of place.querySelectorAll('[data-testid="not-offered"]')) expect(one.textContent).toContain(reason);
});

test('rates need two looks, and a counter that went back is none', () => {
  expect(secondsBetween(null, { timeNs: '5' })).toBeNull();
  expect(secondsBetween({ timeNs: '1000000000' }, { timeNs: '1500000000' })).toBe(0.5);
  expect(rateOf(10, 4, 2)).toBe(3);
  expect(rateOf(4, 10, 2)).toBeNull();
  expect(rateOf(4, undefined, 2)).toBeNull();
});

test('a build shows its newest lines, how it ended and why', () => {
  const build: EventOf<'build'> = {
    type: 'build',
    state: 'running',
    kernelRelease: '7.3.4',
    tree: 'the kernel tree /k',
    lines: ['  RUSTC [M] src/rigb_main.o'],
    elapsedMs: 4200,
    digest: null,
    reason: null,
  };
  take(...live, build);
  show(<MachineView />);
  expect(text()).toContain('RUSTC [M] src/rigb_main.o');
  expect(button('Building, 4 s')?.disabled).toBe(true);
  take({ ...build, state: 'failed', reason: { title: 'bindgen is not installed', detail: 'The build needs it.', remedy: 'Install it.' } });
  expect(text()).toContain('bindgen is not installed');
  take({ ...build, state: 'done', digest: 'abcdef0123456789' });
  expect(text()).toContain('against the kernel tree /k in 4 s');
  expect(text()).toContain('sha256 abcdef012345…');
});

test('on a machine without our rings an inspecting panel says why, and where more is to be seen', async () => {
  take(...live);
  show(<Empty what="Queues" />);
  expect(text()).toContain('igb drives 0000:01:00.0 and shows no rings; rigb does.');
  await click('Open Machine');
  expect(model.layout.getState().view).toBe('machine');
});

test('a machine that could not be changed offers to be observed', async () => {
  const request = vi.spyOn(model, 'request').mockResolvedValue(null);
  take({ ...target, phase: 'failed', reason: { title: 'The agent needs root', detail: 'No way.', remedy: 'Run `sudo -v`.' } });
  show(<BootPanel />);
  for (const word of ['The agent needs root', 'Run `sudo -v`.']) expect(text()).toContain(word);
  await click('Observe without privileges');
  expect(request).toHaveBeenCalledWith('choose-target', { target: { kind: 'local', observe: true } });
});

test('the doctor is asked when its view opens, shows what fails first, and can be asked again', async () => {
  const request = vi.spyOn(model, 'request').mockResolvedValue(null);
  show(<DoctorView />);
  expect(request).toHaveBeenCalledTimes(1);
  const checks: DoctorCheck[] = [
    { name: 'kernel', state: 'ok', why: 'New enough.', fix: '' },
    { name: 'secure-boot', state: 'warn', why: 'It is on.', fix: 'mokutil --sb-state' },
    { name: 'headers', state: 'fail', why: 'They are missing.', fix: 'apt-get install linux-headers-7.3' },
  ];
  take({ type: 'doctor', checks, checkedUnixMs: 0 });
  expect([...place.querySelectorAll('[data-check]')].map((one) => one.getAttribute('data-check'))).toEqual([
    'headers',
    'secure-boot',
    'kernel',
  ]);
  // Shape and word beside the colour.
  expect(place.querySelector('[data-check="headers"]')?.textContent).toContain('✕ fails');
  expect(place.querySelector('[data-check="headers"] code')?.textContent).toBe('apt-get install linux-headers-7.3');
  expect(place.querySelector('[data-check="kernel"] code')).toBeNull();
  await click('Check again');
  expect(request).toHaveBeenCalledTimes(2);
});
