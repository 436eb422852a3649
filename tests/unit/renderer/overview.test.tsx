// The overview and the status bar's explanations, without a browser.
import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Device, EventOf } from '../../../main/common/protocol.ts';
import { OverviewPanel } from '../../../renderer/panels/overview/overview-panel.tsx';
import { belowMaximum, linkText, newErrors } from '../../../renderer/panels/overview/pcie.ts';
import { DroppedFrames } from '../../../renderer/panels/status/dropped-frames.tsx';
import { ObserverCost } from '../../../renderer/panels/status/observer-cost.tsx';
import type { WindowModel } from '../../../renderer/state/window-model.ts';
import { formatCounted, formatInBase } from '../../../renderer/ui/number-base.ts';
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

const target: EventOf<'target'> = {
  type: 'target',
  kind: 'local',
  phase: 'live',
  step: 'The agent answers',
  elapsedMs: 100,
  accelerator: null,
  machine: null,
  reason: null,
  lastConsoleLines: [],
};
const card: Device = { ...rigbDevice, driver: 'igb', interface: 'lan0', rings: [] };
const devices = (...list: Device[]) => ({ type: 'devices' as const, devices: list });
const cell = (name: string) => place.querySelector<HTMLElement>(`tbody td.${name}`);
const next = () => place.querySelector('.next-step');
const button = (name: string) => [...document.querySelectorAll('button')].find((one) => one.textContent === name);

test('a card shows its place on the bus, and that its link is narrower than it could be', () => {
  const pcie = { ...observation().pcie, numaNode: 1, aer: { correctable: 3, nonfatal: 0, fatal: 0 } };
  rendered.tell(target, helloEvent(), moduleEvent('live'), devices(card), observation({ pcie }));
  rendered.show(<OverviewPanel />);
  expect(cell('numa')?.textContent).toBe('1');
  expect(cell('vectors')?.textContent).toBe('2');
  expect(cell('pcie')?.textContent).toBe('2.5 GT/s ×1 ▼ of 2.5 GT/s ×4');
  expect(cell('pcie')?.title).toContain('×1 of ×4');
  expect(cell('aer')?.textContent).toBe('3 · 0 · 0');
  expect(place.textContent).toContain('rise at the port above the card alone');
});

test('errors that rose since the look before are marked', () => {
  const withErrors = (timeNs: string, correctable: number) =>
    observation({ timeNs, pcie: { ...observation().pcie, aer: { correctable, nonfatal: 0, fatal: 0 } } });
  rendered.tell(target, helloEvent(), devices(card), withErrors('1', 3), withErrors('2', 5));
  rendered.show(<OverviewPanel />);
  expect(cell('aer')?.textContent).toBe('5 · 0 · 0 ▲');
  expect(cell('aer')?.title).toContain('+2 correctable');
});

test('what is missing is a dash that says why', () => {
  rendered.tell(target, helloEvent(), devices(card));
  rendered.show(<OverviewPanel />);
  expect(cell('pcie')?.textContent).toBe('–');
  expect(cell('pcie')?.title).toBe('Waiting for the first observation');
  rendered.tell(observation());
  expect(cell('aer')?.textContent).toBe('–');
  expect(cell('aer')?.title).toContain('no AER capability');
});

test('every card of a live target is observed at a low rate, and no longer when the panel goes', () => {
  const wanted: unknown[] = [];
  vi.spyOn(model.observed, 'want').mockImplementation((watch) => {
    wanted.push(watch);
    return () => wanted.splice(wanted.indexOf(watch), 1);
  });
  rendered.tell(target, helloEvent(), devices(card, { ...card, pciAddress: '0000:02:00.0' }));
  rendered.show(<OverviewPanel />);
  expect(wanted).toMatchObject([{ device: '0000:01:00.0' }, { device: '0000:02:00.0' }]);
  rendered.show(null);
  expect(wanted).toEqual([]);
});

test('choosing a card makes the window about it, and Machine is one click away', () => {
  rendered.tell(target, helloEvent(), devices({ ...card, pciAddress: '0000:02:00.0' }));
  rendered.show(<OverviewPanel />);
  act(() => button('0000:02:00.0')?.click());
  expect(model.layout.getState().device).toBe('0000:02:00.0');
  act(() => button('Machine')?.click());
  expect(model.layout.getState().view).toBe('machine');
});

test('while no driver shows its rings the next step is named, with its one action', () => {
  rendered.tell(target, helloEvent(), moduleEvent('absent'), devices(card));
  rendered.show(<OverviewPanel />);
  expect(next()?.textContent).toContain('not built for this kernel');
  rendered.tell({ ...target, kind: 'lab' });
  expect(next()?.textContent).toContain('rigb is not loaded');
  rendered.tell(moduleEvent('live'));
  expect(next()?.textContent).toContain('igb has lan0. Lend it to rigb');
  rendered.tell(devices({ ...card, deviceId: 0x1533 }));
  expect(next()?.textContent).toContain('None of these cards is an 82576');
  rendered.tell({ ...helloEvent(), role: 'observe' });
  expect(next()?.textContent).toContain('In observe mode nothing can be changed');
  rendered.tell(devices(rigbDevice));
  expect(next()).toBeNull();
});

test('a link is told with what it could be; below that is told in words', () => {
  const pcie = { ...observation().pcie, speed: '2.5 GT/s PCIe', width: 4, maxSpeed: '5.0 GT/s PCIe', maxWidth: 4 };
  expect(linkText(pcie.speed, pcie.width)).toBe('2.5 GT/s ×4');
  expect(linkText(null, null)).toBeNull();
  expect(belowMaximum(pcie)).toContain('2.5 of 5 GT/s');
  expect(belowMaximum({ ...pcie, speed: '5.0 GT/s PCIe' })).toBeNull();
  expect(belowMaximum({ ...pcie, speed: null, width: null })).toBeNull();
});

test('errors that were counted anew are no rise', () => {
  const aer = { correctable: 1, nonfatal: 2, fatal: 0 };
  expect(newErrors(null, aer)).toBeNull();
  expect(newErrors({ correctable: 9, nonfatal: 2, fatal: 0 }, aer)).toBeNull();
  expect(newErrors({ correctable: 0, nonfatal: 0, fatal: 0 }, aer)).toBe('+1 correctable, +2 non-fatal');
});

const cost = (cpuPercent: number): EventOf<'cost'> => ({
  type: 'cost',
  intervalNs: 1e9,
  cpuNs: cpuPercent * 1e7,
  cpuPercent,
  wakeups: 10,
  bytesSent: 1000,
  mmioReadsPerSecond: 40,
  samplesLost: 0,
});

test('the cost of observing is a line, and words when asked; that it was slowed is said', () => {
  rendered.tell(cost(1.25));
  rendered.show(<ObserverCost />);
  expect(place.textContent).toBe('observer 1.25 % CPU, 40 MMIO reads/s, 0 lost');
  act(() => model.throttle.store.setState({ scale: 0.5 }));
  expect(place.textContent).toContain('▼ slowed to 50 % of the rates');
  act(() => place.querySelector('button')?.click());
  expect(document.body.textContent).toContain('every sample was taken in its time');
  expect(document.body.textContent).toContain('The budget was exceeded for some seconds');
});

test('frames that this window did not get are explained: what, since when, why, and that a recording has them', () => {
  rendered.show(<DroppedFrames />);
  expect(place.textContent).toBe('0 dropped');
  rendered.tell({ type: 'dropped', stream: 3, frames: 12, records: 0 });
  expect(place.textContent).toBe('12 dropped');
  act(() => place.querySelector('button')?.click());
  const words = document.body.textContent ?? '';
  expect(words).toMatch(/12 frames: ring snapshots, since \d\d:\d\d:\d\d, last at \d\d:\d\d:\d\d/);
  expect(words).toContain('Nothing of it is lost in a recording');
});

test('numbers are written in the base that was chosen', () => {
  expect([formatInBase(31, 'hex'), formatInBase(31, 'hex', 32), formatInBase(0x12345, 'hex'), formatInBase(12_345, 'dec')]).toEqual([
    '0x1f',
    '0x0000 001f',
    '0x1 2345',
    '12\u2009345',
  ]);
  expect([formatCounted(31, 'mixed'), formatCounted(31, 'hex'), formatCounted(-31, 'hex'), formatCounted(null, 'hex')]).toEqual([
    '31',
    '0x1f',
    '-0x1f',
    '–',
  ]);
  expect([formatInBase(0x1_0000_0000n, 'hex', 64), formatInBase(4096n, 'dec')]).toEqual(['0x0000 0001 0000 0000', '4\u2009096']);
});
