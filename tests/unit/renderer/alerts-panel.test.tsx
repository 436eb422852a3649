// The Alerts panel, its count in the status bar and its marks: facts go into the model, words come out, clicks lead to the moment.
import { act } from 'react';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { FactContent } from '../../../main/common/alerts/fact.ts';
import { AlertsPanel } from '../../../renderer/panels/alerts/alerts-panel.tsx';
import { StatusBar } from '../../../renderer/panels/status/status-bar.tsx';
import { backgroundHz, watchedRings } from '../../../renderer/state/alert-desk.ts';
import { alertMarks } from '../../../renderer/state/alert-marks.ts';
import { devicesAre, idleTransmit, logAt, ringAt, sampleAt } from '../../support/fact-stream.ts';
import { RenderedWindow } from '../../support/rendered-window.tsx';
import { device } from '../../support/wire-payloads.ts';

let rendered: RenderedWindow;
// Loaded before, so that no test waits for the disk.
beforeAll(async () => {
  await import('../../../renderer/state/rules-engine.ts');
});
beforeEach(() => {
  rendered = new RenderedWindow();
  rendered.tell({
    type: 'target',
    kind: 'lab',
    phase: 'live',
    step: '',
    elapsedMs: 0,
    accelerator: null,
    machine: null,
    reason: null,
    lastConsoleLines: [],
  });
});
afterEach(() => rendered.end());

const take = (...facts: FactContent[]) => act(() => facts.forEach((fact) => void rendered.model.alerts.take(fact)));
const stuck = (from = 10) =>
  Array.from({ length: 15 }, (_, step) => ringAt(from + step / 10, 'tx', { head: 5, tail: 20, nextToUse: 20, nextToClean: 5 }));
test('rings are read for the detectors the less often the more there are, and never more often than needed', () => {
  expect([2, 4, 8, 16, 64].map(backgroundHz)).toEqual([2, 2, 1, 0.5, 0.25]);
  const down = { ...device, administrativeUp: false };
  const ringless = { ...device, rings: [] };
  expect(watchedRings([device, down, ringless])).toEqual([device]);
});

test('the panel says what looking for stuck queues asks of the target, and what the budget made of it', () => {
  rendered.show(<AlertsPanel />);
  take(devicesAre());
  const words = () => rendered.place.querySelector('.watched-rings')?.textContent;
  expect(words()).toContain('2 rings are read 2 × a second each, whatever panels show.');
  act(() => rendered.model.throttle.store.setState({ scale: 0.25 }));
  expect(words()).toContain('2 rings are read every 2 s each, whatever panels show; the observer’s budget slowed that to 25 %.');
  click('Watch rings');
  expect(words()).toBeUndefined();
});

test('while the screen stands an alert that began later is only counted', () => {
  rendered.show(<AlertsPanel />);
  take(devicesAre(), ...stuck(10));
  act(() => rendered.model.time.setState({ pausedSeconds: 9 }));
  expect(rendered.place.querySelectorAll('.alert-list > li').length).toBe(0);
  expect(rendered.place.textContent).toContain('1 newer');
  act(() => rendered.model.time.setState({ pausedSeconds: null }));
  expect(rendered.place.querySelectorAll('.alert-list > li').length).toBe(1);
});

const button = (name: string): HTMLButtonElement => {
  const found = [...rendered.place.querySelectorAll('button')].find(
    (one) => one.textContent === name || one.getAttribute('aria-label') === name || one.textContent?.startsWith(name),
  );
  if (!found) throw new Error(`There is no button ${name}.`);
  return found;
};
const click = (name: string) => act(() => button(name).click());
const rows = () => [...rendered.place.querySelectorAll('.alert')];

test('without alerts the panel says what is looked out for', () => {
  rendered.show(<AlertsPanel />);
  expect(rendered.place.textContent).toContain('Nothing is wrong. Looked out for: stuck queue, tx timeout');
});

test('a stuck queue is a row with its severity in a word, and opened it has its evidence', () => {
  rendered.show(<AlertsPanel />);
  take(devicesAre(), ...stuck());
  expect(rows()).toHaveLength(1);
  expect(rows()[0]?.textContent).toMatch(/error10\.000000Stuck queuetx:0TX queue 0 is stuck: 15 descriptors wait.*open/);
  act(() => rendered.place.querySelector<HTMLButtonElement>('.alert .summary')?.click());
  expect(rendered.place.querySelector('.evidence')?.textContent).toMatch(/TDH5.*TDT20/);
});

test('an alert leads to its moment in every panel, and to its queue', () => {
  rendered.show(<AlertsPanel />);
  take(devicesAre(), ...stuck());
  act(() => rendered.place.querySelector<HTMLButtonElement>('.alert .summary')?.click());
  click('Show the moment');
  expect(rendered.model.time.getState().chosenSeconds).toBe(10);
  click('Open TX queue 0');
  expect(rendered.model.layout.getState()).toMatchObject({ view: 'inspect', device: device.pciAddress, ring: { kind: 'tx', index: 0 } });
});

test('the status bar counts what is open and nobody has acknowledged', () => {
  rendered.show(
    <>
      <AlertsPanel />
      <StatusBar />
    </>,
  );
  const count = () => rendered.place.querySelector('[data-testid="alert-count"]')?.textContent;
  expect(count()).toBe('no alerts');
  take(devicesAre(), ...stuck());
  expect(count()).toBe('error1 alert');
  click('Acknowledge all');
  expect(count()).toBe('no alerts');
  expect(rows()[0]?.textContent).toContain('seen');
  take(idleTransmit(12, 20), ...stuck(13));
  expect(count()).toBe('error1 alert');
  expect(rows().map((row) => row.getAttribute('data-state'))).toEqual(['open', 'over']);
});

test('what is over can be hidden, and words narrow what is shown', () => {
  rendered.show(<AlertsPanel />);
  take(
    devicesAre(),
    ...stuck(),
    idleTransmit(12, 20),
    logAt(12.5, 'rigb 0000:01:00.0 eth0: NETDEV WATCHDOG: CPU: 0: transmit queue 0 timed out 5 ms'),
  );
  expect(rows()).toHaveLength(2);
  click('Open only');
  expect(rows().map((row) => row.getAttribute('data-rule'))).toEqual(['tx-timeout']);
});

test('another boot begins with none', () => {
  rendered.show(<AlertsPanel />);
  take(devicesAre(), ...stuck(), { kind: 'restart' });
  expect(rows()).toEqual([]);
});

test('rings are watched for the detectors while a driver shows them, until that is switched off', () => {
  const want = vi.spyOn(rendered.model.watches, 'want');
  rendered.show(<AlertsPanel />);
  take(devicesAre());
  expect(want.mock.calls.map(([{ what, hz }]) => `${what} ${hz}`)).toEqual(['ring:rx:0 2', 'ring:tx:0 2', 'vectors 1']);
  take(devicesAre());
  expect(want).toHaveBeenCalledTimes(3);
  click('Watch rings');
  expect(rendered.place.textContent).toContain('Stuck queues are found only in rings that a panel shows.');
});

test('rules are judged from when they were loaded, and say when they were broken', async () => {
  rendered.show(<AlertsPanel />);
  take(devicesAre(), sampleAt(10, { rx_crc_errors: 5 }), sampleAt(10.1, { rx_crc_errors: 9 }));
  await act(() => rendered.model.alerts.loadRules('rules.json', '{"rules":[{"rule":"errors","equals":0},{"rule":"queue-stuck"}]}'));
  take(sampleAt(11, { rx_crc_errors: 9 }), sampleAt(12, { rx_crc_errors: 9 }));
  const states = () => [...rendered.place.querySelectorAll('.rules tr')].map((row) => row.getAttribute('data-state'));
  expect(states()).toEqual(['holds', 'unmeasured']);
  take(sampleAt(13, { rx_crc_errors: 10 }), ...stuck(13.1));
  expect(states()).toEqual(['fails', 'fails']);
  expect(rendered.place.querySelector('.rules')?.textContent).toContain('netdev rx_crc_errors rose by 1.');
  await act(() => rendered.model.alerts.restartRules());
  take(sampleAt(16, { rx_crc_errors: 10 }), sampleAt(17, { rx_crc_errors: 10 }));
  expect(states()).toEqual(['holds', 'unmeasured']);
});

test('rules that are not understood leave those before in force, and say where', async () => {
  rendered.show(<AlertsPanel />);
  await act(() => rendered.model.alerts.loadRules('a.json', '{"rules":[{"rule":"errors"}]}'));
  await act(() => rendered.model.alerts.loadRules('b.json', '{"rules":[{"rule":"error"}]}'));
  expect(rendered.place.querySelector('[role="alert"]')?.textContent).toContain('b.json: The rules are not understood at rules[1].rule');
  expect(rendered.place.querySelector('.rules')?.textContent).toContain('a.json');
});

test('marks stand where conditions began, in the order of time', () => {
  take(devicesAre(), ...stuck(), sampleAt(20), sampleAt(20.1, { rx_missed_errors: 4 }));
  expect(alertMarks(rendered.model.alerts.store.getState())).toEqual([
    { seconds: 10, severity: 'error', label: 'Stuck queue tx:0', id: 'queue-stuck-1' },
    { seconds: 20, severity: 'warning', label: 'Ring overrun', id: 'ring-overrun-2' },
  ]);
});
