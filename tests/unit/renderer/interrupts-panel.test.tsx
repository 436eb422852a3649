// The Interrupts panel without a browser: samples and observations go in, numbers come out, and what is set becomes a request.
import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EventOf, Refusal, SessionEvent } from '../../../main/common/protocol.ts';
import { InterruptsPanel } from '../../../renderer/panels/interrupts/interrupts-panel.tsx';
import { toggleAdaptation } from '../../../renderer/ui/interrupt-commands.ts';
import { sampleAt } from '../../support/fact-stream.ts';
import { observation } from '../../support/observation.ts';
import { RenderedWindow } from '../../support/rendered-window.tsx';
import { device, deviceAddress, devicesEvent, helloEvent, moduleEvent, tableEvent } from '../../support/wire-payloads.ts';

let rendered: RenderedWindow;
let request: ReturnType<typeof vi.fn<(verb: string, args: object) => Promise<Refusal | null>>>;

const target: EventOf<'target'> = {
  type: 'target',
  kind: 'lab',
  phase: 'live',
  step: '',
  elapsedMs: 0,
  accelerator: null,
  machine: null,
  reason: null,
  lastConsoleLines: [],
};

const seen = (timeNs: string, cpus: string, change: Parameters<typeof observation>[0] = {}) =>
  observation({
    timeNs,
    coalesce: { values: { 'rx-usecs': 49, 'tx-usecs': 49, 'use-adaptive-rx': 1, 'use-adaptive-tx': 1 }, reason: null },
    affinity: { items: [{ irq: 27, cpus, effective: cpus.slice(0, 1) }], reason: null },
    ...change,
  });

/** So many interrupts a second on CPU 0 of vector 27, ten samples a second from second 1 on. */
function interrupts(perSecond: number, seconds: number): void {
  act(() => {
    for (let tenth = 0; tenth <= seconds * 10; tenth += 1) {
      rendered.model.vectorHistory.add({
        timeNs: BigInt(10 + tenth) * 100_000_000n,
        tableId: 1,
        cpuCount: 2,
        durationNs: 1,
        vectors: BigUint64Array.of(5n, 0n, BigInt(Math.round((tenth * perSecond) / 10)), 3n),
        softirqs: BigUint64Array.of(0n, BigInt(tenth * 4)),
        counters: BigUint64Array.of(0n, 0n, 0n, 0n),
      });
    }
  });
}

const tell = (...events: SessionEvent[]) => {
  rendered.tell(...events);
  act(() => {
    for (const event of events) if (event.type === 'observation') rendered.model.queueFrames.add(event);
  });
};
const cell = (name: string, place = `[data-name="eth0-rx-0"]`) =>
  rendered.place.querySelector(`${place} [data-cell="${name}"]`)?.textContent;
const text = () => rendered.place.textContent ?? '';
const find = (selector: string) => {
  const found = rendered.place.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`There is no ${selector} in: ${text()}`);
  return found;
};
const click = (selector: string) => act(async () => find(selector).click());
const submit = (name: string) => act(async () => find(`form[aria-label="${name}"] button[type="submit"]`).click());
function type(selector: string, value: string): Promise<void> {
  const input = find(selector) as HTMLInputElement;
  return act(async () => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, value);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

beforeEach(() => {
  rendered = new RenderedWindow();
  request = vi.fn(async () => null);
  rendered.model.request = request as never;
  tell(target, helloEvent(), moduleEvent('live'), devicesEvent());
  rendered.model.vectorHistory.setTable(tableEvent());
  rendered.show(<InterruptsPanel />);
});
afterEach(() => rendered.end());

test('a vector has its queues, its rate on each CPU, its total and what its interrupts were worth', () => {
  const counted = (frames: number) => ({
    queueStatistics: {
      items: [
        { kind: 'rx' as const, id: 0, values: { 'rx-packets': frames } },
        { kind: 'tx' as const, id: 0, values: { 'tx-packets': 0 } },
      ],
      reason: null,
    },
  });
  tell(seen('2000000000', '0-1', counted(0)), seen('3000000000', '0-1', counted(800)));
  interrupts(200, 5);
  expect(find('[data-name="eth0-rx-0"] .role').textContent).toBe('RX 0 TX 0');
  expect([cell('cpu-0'), cell('cpu-1'), cell('rate'), cell('total')]).toEqual(['200', '0', '200', '1\u2009003']);
  expect(cell('worth')).toBe('4.0');
  expect(find('[data-name="eth0-rx-0"] .affinity').textContent).toBe('0-1 → 0');
});

test('cells show totals when asked, and all vectors of the machine', async () => {
  interrupts(200, 2);
  expect(rendered.place.querySelector('[data-name="acpi"]')).toBeNull();
  await click('[aria-label="Cells show"] button:last-child');
  expect(cell('cpu-0')).toBe('400');
  await click('[aria-label="Vectors"] button:last-child');
  expect(cell('cpu-0', '[data-name="acpi"]')).toBe('5');
});

test('while the screen stands still the rows stay at that instant', () => {
  interrupts(100, 3);
  act(() => rendered.model.time.setState({ pausedSeconds: 2 }));
  expect(cell('total')).toBe('103');
  act(() => rendered.model.time.setState({ chosenSeconds: 1.5 }));
  expect(cell('total')).toBe('53');
  act(() => rendered.model.time.setState({ chosenSeconds: 0.5 }));
  expect(cell('total')).toBe('–');
  expect(text()).toContain('this instant is older');
  act(() => rendered.model.time.setState({ pausedSeconds: null, chosenSeconds: null }));
  expect(cell('total')).toBe('303');
});

test('a storm is named with its vector, its rate and its beginning, for as long as the shown instant lies in it', () => {
  interrupts(100, 2);
  expect(find('.storm-line').textContent).toBe('No interrupt storm');
  act(() => {
    for (let step = 0; step <= 30; step += 1) rendered.model.alerts.take(sampleAt(10 + step / 10, {}, step * 20_000));
  });
  expect(find('.storm-line').textContent).toContain('since 10.0 s: eth0-TxRx-0 (IRQ 27) interrupts 200,000 times a second');
  act(() => rendered.model.time.setState({ pausedSeconds: 9 }));
  expect(find('.storm-line').textContent).toBe('No interrupt storm');
});

test('other CPUs are sent as a whole list, and what is shown changes with the next observation only', async () => {
  tell(seen('1000000000', '0'));
  interrupts(100, 2);
  await click('[aria-label="CPU 1"]');
  await click('[aria-label="CPU 0"]');
  await submit('Affinity of interrupt 27');
  expect(request).toHaveBeenCalledWith('set-affinity', { device: deviceAddress, irq: 27, cpus: [1] });
  expect(find('[data-name="eth0-rx-0"] .affinity').textContent).toBe('0 → 0');
  tell(seen('2000000000', '1'));
  expect(find('[data-name="eth0-rx-0"] .affinity').textContent).toBe('1 → 1');
  expect(find('[aria-label="CPU 1"]').getAttribute('aria-pressed')).toBe('true');
});

test('a refusal stands beside the field, and what was typed stays', async () => {
  request.mockResolvedValue({ code: 'not-available', message: 'The kernel lets nobody move interrupt 27.' });
  tell(seen('1000000000', '0'));
  interrupts(100, 2);
  await click('[aria-label="CPU 1"]');
  await submit('Affinity of interrupt 27');
  expect(find('.affinity-editor [role="alert"]').textContent).toContain('nobody move interrupt 27');
  expect(find('[aria-label="CPU 1"]').getAttribute('aria-pressed')).toBe('true');
});

test('many CPUs are typed as a list, whose faults are told before it is sent', async () => {
  const cpus = Array.from({ length: 32 }, (_, cpu) => cpu);
  act(() => rendered.model.vectorHistory.setTable({ ...tableEvent(2), cpus }));
  act(() => {
    rendered.model.vectorHistory.add({
      timeNs: 1n,
      tableId: 2,
      cpuCount: 32,
      durationNs: 1,
      vectors: new BigUint64Array(64),
      softirqs: new BigUint64Array(32),
      counters: new BigUint64Array(4),
    });
  });
  tell(seen('1000000000', '0-2'));
  const field = '[aria-label="CPUs, such as 0-3,8"]';
  expect((find(field) as HTMLInputElement).value).toBe('0-2');
  await type(field, '40');
  expect(find('.affinity-editor [role="alert"]').textContent).toContain('none of them is online');
  await type(field, '4-5');
  await submit('Affinity of interrupt 27');
  expect(request).toHaveBeenCalledWith('set-affinity', { device: deviceAddress, irq: 27, cpus: [4, 5] });
  expect(rendered.place.querySelectorAll('canvas[data-cell="strip"]')).toHaveLength(1);
});

test('moderation shows what it comes to, sends what differs, and tells the driver’s words', async () => {
  request.mockResolvedValue({ code: 'failed', message: 'rigb refused: both directions of a queue pair share a vector.' });
  tell(seen('1000000000', '0'));
  interrupts(100, 2);
  expect(text()).toContain('adapts; if fixed, at most 20\u2009408/s a vector');
  await type('.moderation input', '100');
  expect(text()).toContain('at most 10\u2009000/s');
  await submit('Moderation');
  expect(request).toHaveBeenCalledWith('set-coalesce', { device: deviceAddress, parameters: { 'rx-usecs': 100 } });
  expect(find('.moderation [role="alert"]').textContent).toContain('share a vector');
});

test('the palette turns adaptation off where it is on, and says why where there is no such switch', async () => {
  tell(seen('1000000000', '0'));
  await act(() => toggleAdaptation(rendered.model));
  expect(request).toHaveBeenCalledWith('set-coalesce', {
    device: deviceAddress,
    parameters: { 'adaptive-rx': false, 'adaptive-tx': false },
  });
  tell(observation({ timeNs: '2000000000' }));
  await act(() => toggleAdaptation(rendered.model));
  expect(rendered.model.session.getState().messages.at(-1)?.detail).toBe('rigb has no such switch.');
});

test('an agent that observes changes nothing, which the controls say', () => {
  tell({ ...helloEvent(), role: 'observe' }, seen('1000000000', '0'));
  interrupts(100, 2);
  const button = find('[aria-label="CPU 1"]') as HTMLButtonElement;
  expect([button.disabled, button.title]).toEqual([true, expect.stringContaining('observe only')]);
  expect((find('.moderation input') as HTMLInputElement).disabled).toBe(true);
});

test('what was recorded before affinity was told says so', () => {
  tell(observation({ affinity: undefined }));
  interrupts(100, 2);
  expect(text()).toContain('it was not told when this was recorded');
});

test('softirqs are told by CPU, and missing threads say why', () => {
  interrupts(100, 3);
  const cells = [...rendered.place.querySelectorAll('.softirqs tbody tr:last-child td')];
  expect(cells.map((one) => one.textContent)).toEqual(['40', '–', '–']);
  expect(cells[2]?.getAttribute('title')).toContain('sees no ksoftirqd threads');
});

test('the vectors are copied as CSV, a column a CPU', async () => {
  tell(seen('1000000000', '0-1,8'));
  interrupts(100, 2);
  const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  await click('[aria-label="Copy the vectors as CSV"]');
  const [head = '', line = '', rest] = (writeText.mock.calls[0]?.[0] ?? '').split('\r\n');
  const named = Object.fromEntries(head.split(',').map((name, at) => [name, line.split(',')[at]]));
  expect(named).toMatchObject({
    irq: '27',
    vector: 'eth0-rx-0',
    cpu0: '200',
    cpu1: '3',
    total: '203',
    per_second: '100.000',
    spurious: '',
  });
  expect(line.endsWith('"0-1,8",0')).toBe(true);
  expect(rest).toBe('');
});

test('the chosen vector is the one whose row was chosen, and leads to its ring', async () => {
  tell(devicesEvent([{ ...device, rings: [{ kind: 'tx', index: 0 }] }]) as SessionEvent, seen('1000000000', '0'));
  interrupts(100, 2);
  await click('[data-name="eth0-rx-0"] button');
  await click('.vector-detail h3 button');
  expect(rendered.model.layout.getState().ring).toEqual({ kind: 'tx', index: 0 });
});
