// Lab, Traffic and Side by side without a browser: events go into the model, words come out, clicks become requests.
import { act } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readSample } from '../../../main/common/layouts/sample.ts';
import type { LabEvent, PartnerEvent } from '../../../main/common/protocol/lab.ts';
import type { EventOf, Refusal, SessionEvent } from '../../../main/common/protocol.ts';
import { ComparisonPanel } from '../../../renderer/panels/comparison/comparison-panel.tsx';
import { PortRows, portKeys } from '../../../renderer/panels/comparison/port-series.ts';
import { labCommands } from '../../../renderer/panels/lab/lab-commands.ts';
import { LabPanel } from '../../../renderer/panels/lab/lab-panel.tsx';
import { LabQuestion } from '../../../renderer/panels/lab/lab-question.tsx';
import { formFaults, lengthNote, trafficAgain, usualForm } from '../../../renderer/panels/traffic/traffic-form.ts';
import { TrafficPanel } from '../../../renderer/panels/traffic/traffic-panel.tsx';
import type { WindowModel } from '../../../renderer/state/window-model.ts';
import { RenderedWindow } from '../../support/rendered-window.tsx';
import { device, helloEvent, moduleEvent, tableEvent, trafficEvent } from '../../support/wire-payloads.ts';

const partnerAddress = '0000:02:00.0';
const target: EventOf<'target'> = {
  type: 'target',
  kind: 'lab',
  phase: 'live',
  step: 'The agent answers',
  elapsedMs: 100,
  accelerator: 'tcg',
  machine: 'QEMU q35',
  reason: null,
  lastConsoleLines: [],
};
const labOf = (zero: Partial<LabEvent['ports'][number]> = {}): LabEvent => ({
  type: 'lab',
  ports: [
    { port: 0, device: device.pciAddress, isPlugged: true, isCabled: true, step: null, fault: null, ...zero },
    { port: 1, device: partnerAddress, isPlugged: true, isCabled: true, step: null, fault: null },
  ],
});
const partner: PartnerEvent = {
  type: 'partner',
  device: partnerAddress,
  interface: 'eth0',
  mac: '52:54:00:00:00:02',
  mtu: 1500,
  carrier: true,
  administrativeUp: true,
};
const elsewhere = { interface: null, mac: null, mtu: null, carrier: null, speedMbps: null, rings: [] };
const devices: SessionEvent = {
  type: 'devices',
  devices: [device, { ...device, ...elsewhere, pciAddress: partnerAddress, driver: 'igb' }],
};
const hello = { ...helloEvent(), capabilities: ['module', 'lab'] };
const live: SessionEvent[] = [target, hello, moduleEvent('live'), devices, labOf(), partner];

let rendered: RenderedWindow;
let model: WindowModel;
let asked: string[];
let answer: Refusal | null;

beforeEach(() => {
  rendered = new RenderedWindow();
  ({ model } = rendered);
  asked = [];
  answer = null;
  vi.spyOn(model, 'request').mockImplementation(async (verb, args) => {
    asked.push(`${verb} ${JSON.stringify(args)}`);
    return answer;
  });
});
afterEach(() => rendered.end());

const text = () => document.body.textContent ?? '';
const port = (index: number) => document.querySelector(`[data-port="${index}"]`) as HTMLElement;
const button = (name: string, within: ParentNode = document.body) => {
  const found = [...within.querySelectorAll('button')].find((one) => one.textContent?.trim() === name);
  if (!found) throw new Error(`There is no button "${name}" in: ${text()}`);
  return found;
};
const click = (name: string, within?: ParentNode) => act(async () => button(name, within).click());

describe('the Lab panel', () => {
  const show = () =>
    rendered.show(
      <>
        <LabPanel />
        <LabQuestion />
      </>,
    );

  test('shows each port with its driver, its link and the interface in its own namespace', () => {
    rendered.tell(...live);
    show();
    expect(port(0).textContent).toContain('1000 Mb/s full');
    expect(port(1).textContent).toContain('0000:02:00.0 · eth0');
    expect(button('rigb', port(0)).getAttribute('aria-pressed')).toBe('true');
    expect(button('igb', port(1)).getAttribute('aria-pressed')).toBe('true');
  });

  test('is empty for a real machine, says why, and offers the lab', async () => {
    const ask = vi.spyOn(model, 'ask').mockResolvedValue(true);
    rendered.tell({ ...target, kind: 'local' }, hello, devices);
    show();
    expect(text()).toContain('What is inspected is a real machine');
    await click('Inspect the lab guest');
    expect(ask).toHaveBeenCalledWith('choose-target', { target: { kind: 'lab' } });
  });

  test('pulls a cable at once, since nothing is lost', async () => {
    rendered.tell(...live);
    show();
    await click('Pull cable', port(1));
    expect(asked).toEqual(['lab-link {"port":1,"up":false}']);
    rendered.tell({ ...labOf(), ports: labOf().ports.map((one) => ({ ...one, isCabled: one.port === 0 })) });
    expect(button('Put cable in', port(1)).disabled).toBe(false);
  });

  test('asks before a card is unplugged, and a no does nothing', async () => {
    rendered.tell(...live);
    show();
    await click('Unplug…', port(0));
    expect(text()).toContain('rings, counters and addresses go with it');
    await click('Leave it');
    expect(asked).toEqual([]);
    await click('Unplug…', port(0));
    await click('Unplug port 0');
    expect(asked).toEqual(['lab-unplug {"port":0}']);
  });

  test('says what is done to a port, disables it meanwhile, and then why it failed', () => {
    rendered.tell(...live, labOf({ step: 'Asked to leave its slot' }));
    show();
    expect(port(0).textContent).toContain('Asked to leave its slot');
    expect(button('Reset…', port(0)).title).toBe('Something is being done to this port.');
    rendered.tell(labOf({ fault: 'The guest refuses to let go of the card.' }));
    expect(port(0).querySelector('[role="alert"]')?.textContent).toContain('refuses to let go');
    expect(button('Reset…', port(0)).disabled).toBe(false);
  });

  test('offers an empty slot a card, and nothing else', async () => {
    rendered.tell(...live, labOf({ isPlugged: false }), { type: 'devices', devices: [] });
    show();
    expect(port(0).textContent).toContain('no card in the slot');
    expect(button('rigb', port(0)).title).toBe('The card is unplugged.');
    await click('Plug in', port(0));
    expect(asked).toEqual(['lab-plug {"port":0}']);
  });

  test('gives a port to another driver, and shows the kernel’s words when that fails', async () => {
    rendered.tell(...live);
    show();
    answer = { code: 'failed', message: 'igb did not take 0000:01:00.0: No such device. rigb drives it again.' };
    await click('igb', port(0));
    expect(asked).toEqual(['set-driver {"device":"0000:01:00.0","driver":"igb"}']);
    expect(port(0).textContent).toContain('rigb drives it again.');
  });

  test('does not offer rigb while the module is not loaded, and says so', () => {
    rendered.tell(...live, moduleEvent('absent'));
    show();
    expect(button('rigb', port(1)).title).toContain('load the driver first');
    expect(button('none', port(1)).disabled).toBe(false);
  });

  test('says what an agent lacks that was not told of the lab', () => {
    const missing = [{ capability: 'lab', reason: 'the agent was started without --lab' }];
    rendered.tell(...live, { ...helloEvent(), missing }, devices, partner);
    show();
    expect(button('Crash the guest…').title).toContain('without --lab');
    expect(button('Pull cable', port(0)).disabled).toBe(false);
  });

  test('names what a crash loses before it is done, and does not take the silence after it for a failure', async () => {
    rendered.tell(...live);
    show();
    await click('Crash the guest…');
    expect(text()).toContain('everything in the guest’s memory is lost');
    answer = { code: 'target-not-live', message: 'The agent has ended.' };
    await click('Crash the guest');
    expect(asked).toEqual(['crash {"confirmed":true}']);
    expect(text()).not.toContain('The agent has ended.');
  });
});

test('traffic whose sender got another driver goes on once the link is up again', async () => {
  rendered.tell(...live, { ...trafficEvent(true), direction: 'both', flows: 9 });
  model.labBench.do({ kind: 'driver', port: 1, device: partnerAddress, driver: 'rigb' });
  rendered.tell({ ...partner, carrier: false }, trafficEvent(false));
  await vi.waitFor(() => expect(model.labBench.store.getState().running['port 1']).toBe('Traffic goes on once the link is up…'));
  expect(asked).toHaveLength(1);
  rendered.tell(partner);
  await vi.waitFor(() => expect(asked.at(-1)).toContain('traffic {"running":true,"direction":"both"'));
  expect(asked.at(-1)).toContain('"flows":9');
  expect(model.labBench.store.getState().running).toEqual({});
});

test('the palette does the same, and says why where it cannot', async () => {
  const run = (name: string) =>
    act(async () =>
      labCommands(model)
        .find((command) => command.name === name)
        ?.run(),
    );
  await run('Unplug port 0, or plug it in');
  expect(model.session.getState().messages.at(-1)?.detail).toBe('The guest does not run.');
  rendered.tell(...live);
  await run('Give port 1 to rigb');
  expect(asked).toEqual(['set-driver {"device":"0000:02:00.0","driver":"rigb"}']);
  await run('Crash the lab’s guest');
  expect(model.labBench.store.getState().asked).toEqual({ kind: 'crash' });
});

describe('the Traffic panel', () => {
  test('asks for flows, bursts and damage together with rate and size', async () => {
    const ask = vi.spyOn(model, 'ask').mockResolvedValue(true);
    rendered.tell(...live, trafficEvent(false));
    rendered.show(<TrafficPanel />);
    act(() => {
      const select = document.querySelector('#damage') as HTMLSelectElement;
      select.value = 'udp-checksum';
      select.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await click('Start');
    expect(ask).toHaveBeenCalledWith('traffic', {
      running: true,
      direction: 'receive',
      framesPerSecond: 2000,
      frameBytes: 256,
      flows: 254,
      burst: 1,
      damage: 'udp-checksum',
    });
  });

  test('takes over what runs, whoever started it', () => {
    rendered.tell(...live, { ...trafficEvent(true), flows: 7, frameBytes: 9014 });
    rendered.show(<TrafficPanel />);
    expect((document.querySelector('#flows') as HTMLInputElement).value).toBe('7');
    expect(text()).toContain('Longer than MTU 1500 allows');
    expect(button('Apply').disabled).toBe(false);
  });

  test('keeps what was chosen here when news of the traffic comes meanwhile', () => {
    rendered.tell(...live, trafficEvent(false));
    rendered.show(<TrafficPanel />);
    const select = document.querySelector('#damage') as HTMLSelectElement;
    act(() => {
      select.value = 'truncated';
      select.dispatchEvent(new Event('change', { bubbles: true }));
    });
    rendered.tell({ ...trafficEvent(true), damage: null });
    expect(select.value).toBe('truncated');
  });

  test('takes no second start until the first is answered, and says so meanwhile', async () => {
    let reply: (isDone: boolean) => void = () => undefined;
    const ask = vi.spyOn(model, 'ask').mockImplementation(() => new Promise((resolve) => (reply = resolve)));
    rendered.tell(...live, trafficEvent(true));
    rendered.show(<TrafficPanel />);
    await click('Apply');
    // Between the old settings and the new there is no traffic.
    rendered.tell(trafficEvent(false));
    expect(button('Applying…').disabled).toBe(true);
    await act(async () => document.querySelector('form')?.requestSubmit());
    expect(ask).toHaveBeenCalledTimes(1);
    rendered.tell(trafficEvent(true));
    await act(async () => reply(true));
    expect(button('Apply').disabled).toBe(false);
  });

  test('leaves the start to the lab while a port is made anew', async () => {
    rendered.tell(...live, trafficEvent(true));
    rendered.show(<TrafficPanel />);
    act(() => model.labBench.store.setState({ running: { 'port 1': 'rigb takes it…' } }));
    expect(button('Apply').title).toContain('goes on by itself');
    act(() => model.labBench.store.setState({ running: {} }));
    expect(button('Apply').disabled).toBe(false);
  });

  test('sets the MTU of both ports in the lab', async () => {
    rendered.tell(...live, trafficEvent(false));
    rendered.show(<TrafficPanel />);
    expect(button('1500').getAttribute('aria-pressed')).toBe('true');
    await click('9000');
    expect(asked).toEqual(['set-mtu {"mtu":9000}']);
  });
});

test('a form says which number is wrong, and what is longer than the wire takes', () => {
  expect(formFaults(usualForm)).toEqual({});
  expect(formFaults({ ...usualForm, burst: '65', flows: '' })).toEqual({ burst: 'between 1 and 64', flows: 'a whole number is wanted' });
  expect([lengthNote(1514, 1500), lengthNote(1514, null)]).toEqual([null, null]);
  expect(lengthNote(1515, 1500)).toContain('1514 bytes');
});

test('traffic that is switched on by its key is what ran last, damage included', () => {
  const told = { ...trafficEvent(false), frameBytes: 60, flows: 3, burst: 2, damage: 'truncated' as const };
  expect(trafficAgain(told, true)).toMatchObject({ running: true, flows: 3, burst: 2, damage: 'truncated' });
  expect(trafficAgain(null, false)).toMatchObject({ running: false, framesPerSecond: 2000, damage: null });
});

describe('Side by side', () => {
  const counter = (name: string, of: string) => ({ source: 'netdev' as const, interface: of, name, unit: 'packets' as const });
  const table = {
    ...tableEvent(),
    vectors: [
      { irq: '27', name: 'rigb-0', chip: 'PCI-MSIX', device: device.pciAddress },
      { irq: '31', name: 'eth0-TxRx-0', chip: 'PCI-MSIX', device: partnerAddress },
    ],
    counters: [counter('rx_packets', 'eth0'), counter('rx_packets', 'partner/eth0'), counter('rx_missed_errors', 'partner/eth0')],
  };

  test('two interfaces of one name in two namespaces are kept apart', () => {
    expect(portKeys(table, { address: device.pciAddress, interface: 'eth0', isPartner: false }).received).toEqual([
      'netdev eth0 rx_packets',
    ]);
    const there = portKeys(table, { address: partnerAddress, interface: 'eth0', isPartner: true });
    expect(there).toMatchObject({ received: ['netdev partner/eth0 rx_packets'], dropped: ['netdev partner/eth0 rx_missed_errors'] });
    expect(there.interrupts).toEqual(['irq 31 eth0-TxRx-0']);
  });

  test('a port’s lines go on under another driver, and never take what is another port’s now', () => {
    const rows = new PortRows();
    const none = { received: [], sent: [], dropped: [], errors: [], interrupts: [] };
    rows.take('a', { ...none, interrupts: ['irq 27 rigb-0'] });
    rows.take('b', { ...none, interrupts: ['irq 31 eth0-TxRx-0'] });
    expect(rows.take('a', { ...none, interrupts: ['irq 31 eth0-TxRx-0'] }).interrupts).toEqual(['irq 27 rigb-0', 'irq 31 eth0-TxRx-0']);
    expect(rows.take('b', none).interrupts).toEqual([]);
  });

  /** A sample of the table above: two vectors on two CPUs, one softirq, three counters. */
  function sample(seconds: number, cells: readonly number[]): void {
    const payload = new Uint8Array(24 + 8 * (6 + cells.length - 2));
    const view = new DataView(payload.buffer);
    view.setBigUint64(0, BigInt(seconds) * 1_000_000_000n, true);
    view.setUint32(8, table.tableId, true);
    for (const [index, value] of [2, 2, 1, 3].entries()) view.setUint16(12 + 2 * index, value, true);
    const [zero = 0, one = 0, ...counters] = cells;
    for (const [index, value] of [zero, 0, one, 0, 0, 0, ...counters].entries()) view.setBigUint64(24 + 8 * index, BigInt(value), true);
    const read = readSample(payload);
    if (!read.ok) throw new Error(read.error);
    act(() => void model.history.add(read.value));
  }

  test('shows both ports’ rates of one clock, and why igb’s polls are not known', () => {
    rendered.tell(...live);
    act(() => model.history.setTable(table));
    sample(10, [0, 0, 0, 0, 0]);
    sample(11, [50, 200, 1000, 900, 7]);
    rendered.show(<ComparisonPanel />);
    const cell = (name: string, index: number) => document.querySelector(`tr[data-name="${name}"] td[data-port="${index}"]`);
    expect(cell('Received', 0)?.textContent).toBe('1\u2009000 frames/s');
    expect(cell('Received', 1)?.textContent).toBe('900 frames/s');
    expect(cell('Dropped', 1)?.textContent).toBe('7 frames/s');
    expect([cell('Interrupts', 0)?.textContent, cell('Interrupts', 1)?.textContent]).toEqual(['50 /s', '200 /s']);
    expect(cell('Frames an interrupt', 0)?.textContent).toBe('20.0');
    expect(cell('NAPI polls', 1)?.textContent).toBe('–');
    expect(cell('NAPI polls', 1)?.getAttribute('title')).toContain('igb does not count its NAPI polls');
  });
});
