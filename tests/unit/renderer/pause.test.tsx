// Pause: the screen stands still, data keeps coming, and what is shown is of one instant.
import { act } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SampleTable } from '../../../renderer/state/sample-history.ts';
import type { WindowModel } from '../../../renderer/state/window-model.ts';
import { useModel, useSession, useSource } from '../../../renderer/ui/model-context.tsx';
import { observation } from '../../support/observation.ts';
import { RenderedWindow } from '../../support/rendered-window.tsx';
import { deviceAddress, helloEvent } from '../../support/wire-payloads.ts';

const table: SampleTable = {
  type: 'table',
  tableId: 1,
  cpus: [0],
  vectors: [],
  softirqs: [],
  counters: [{ source: 'netdev', interface: 'eth0', name: 'rx_packets', unit: 'packets' }],
};

let rendered: RenderedWindow;
let model: WindowModel;

beforeEach(() => {
  rendered = new RenderedWindow();
  ({ model } = rendered);
  model.history.setTable(table);
});
afterEach(() => rendered.end());

const take = (seconds: number, packets: number) =>
  act(
    () =>
      void model.history.add({
        timeNs: BigInt(seconds) * 1_000_000_000n,
        tableId: 1,
        cpuCount: 1,
        durationNs: 0,
        vectors: new BigUint64Array(0),
        softirqs: new BigUint64Array(0),
        counters: BigUint64Array.of(BigInt(packets)),
      }),
  );

let painted = 0;
function Shown() {
  const { history } = useModel();
  useSource(history);
  const seen = useSession((state) => state.observations[deviceAddress]?.newest.timeNs ?? 'none');
  painted += 1;
  return (
    <p>
      {history.counterAt(0, 0)} packets, observed {seen}
    </p>
  );
}

const text = () => rendered.place.textContent;

test('while the screen stands nothing is painted, and it goes on with the newest of what came meanwhile', () => {
  rendered.show(<Shown />);
  take(1, 10);
  act(() => void model.standstill.pause());
  const before = painted;
  take(2, 20);
  take(3, 30);
  expect(painted).toBe(before);
  expect(text()).toContain('10 packets');
  act(() => model.standstill.goOn());
  expect(text()).toContain('30 packets');
});

test('what was seen before anything was measured cannot be paused', () => {
  expect(model.standstill.pause()).toBe(false);
  expect(model.time.getState().pausedSeconds).toBeNull();
});

test('an instant that is chosen while the screen stands is what is shown, and never one behind the pause', () => {
  rendered.show(<Shown />);
  take(1, 10);
  take(2, 20);
  act(() => void model.standstill.pause());
  take(3, 30);
  act(() => model.time.setState({ chosenSeconds: 1.5 }));
  expect(text()).toContain('10 packets');
  act(() => model.time.setState({ chosenSeconds: 99 }));
  expect(text()).toContain('20 packets');
});

test('an instant that was chosen before is let go of: pausing shows what was on the screen', () => {
  take(1, 10);
  take(2, 20);
  model.time.setState({ chosenSeconds: 1 });
  model.standstill.pause();
  expect(model.standstill.shownSeconds).toBe(2);
});

test('observations stand too, and their newest is shown afterwards', () => {
  rendered.show(<Shown />);
  rendered.tell(helloEvent(), observation({ timeNs: '1000000000' }));
  take(1, 10);
  act(() => void model.standstill.pause());
  rendered.tell(observation({ timeNs: '2000000000' }));
  expect(text()).toContain('observed 1000000000');
  expect(model.session.getState().observations[deviceAddress]?.newest.timeNs).toBe('2000000000');
  act(() => model.standstill.goOn());
  expect(text()).toContain('observed 2000000000');
});

test('an alert leads to its instant: the screen stands, and the instant is in sight', () => {
  for (let second = 0; second < 300; second += 1) take(second, second);
  model.standstill.showInstant(50);
  const { pausedSeconds, chosenSeconds, endSeconds, spanSeconds } = model.time.getState();
  expect([pausedSeconds, chosenSeconds]).toEqual([299, 50]);
  expect(endSeconds).toBe(50 + spanSeconds / 2);
  model.standstill.goOn();
  expect(model.time.getState().endSeconds).toBeNull();
});
