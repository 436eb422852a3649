// The Autopsy panel: one is made when a queue is stuck, saved, and opened again.
import { act } from 'react';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { FactContent } from '../../../main/common/alerts/fact.ts';
import { examine } from '../../../main/common/autopsy/examine.ts';
import type { Refusal } from '../../../main/common/protocol.ts';
import { AutopsyPanel, fileNameOf } from '../../../renderer/panels/autopsy/autopsy-panel.tsx';
import { deviceAddress, devicesAre, idleTransmit, logAt, ringAt } from '../../support/fact-stream.ts';
import { frozenCase } from '../../support/frozen-case.ts';
import { RenderedWindow } from '../../support/rendered-window.tsx';
import { devicesEvent, helloEvent } from '../../support/wire-payloads.ts';

let rendered: RenderedWindow;
// Loaded before, so that no test waits for the disk.
beforeAll(async () => {
  await import('../../../renderer/state/autopsy-engine.ts');
});
/** The window's end of a card whose transmit engine is off; `refusal` is what the read of its registers comes to. */
function withRegisters(refusal: Refusal | null) {
  return vi.spyOn(rendered.model, 'request').mockImplementation(async () => {
    if (refusal === null) {
      const registers = [
        { offset: 0x400, value: 0 },
        { offset: 8, value: 0x0008_0083 },
      ];
      rendered.model.autopsies.takeRegisters({ device: deviceAddress, timeBeforeNs: 1n, timeAfterNs: 12_000_000_000n, registers });
    }
    return refusal;
  });
}
beforeEach(() => {
  rendered = new RenderedWindow();
  rendered.tell(helloEvent(), devicesEvent());
});
afterEach(() => {
  rendered.end();
  vi.restoreAllMocks();
});

/** Tells facts, and waits until what they set going is done. */
const take = (...facts: FactContent[]) =>
  act(async () => {
    for (const fact of facts) rendered.model.alerts.take(fact);
    await vi.waitFor(() => {
      if (rendered.model.autopsies.store.getState().isMaking) throw new Error('It is being made.');
    });
  });
const stuck = (from = 10) =>
  Array.from({ length: 15 }, (_, step) => ringAt(from + step / 10, 'tx', { head: 5, tail: 20, nextToUse: 20, nextToClean: 5 }));
const button = (name: string) => [...rendered.place.querySelectorAll('button')].find((one) => one.textContent === name);
const text = () => rendered.place.textContent ?? '';

test('a stuck queue is looked into at once, with the registers read then', async () => {
  const request = withRegisters(null);
  rendered.show(<AutopsyPanel />);
  expect(text()).toContain('None was made yet.');
  await take(devicesAre(), ...stuck());
  expect(request).toHaveBeenCalledWith('read', { device: deviceAddress, what: 'registers' });
  expect(text()).toContain('Likely cause: The card’s engine is off certain');
  expect(text()).toContain('TCTL.EN is 0');
  expect(rendered.place.querySelector('[aria-label="Positions of TX queue 0"]')).not.toBeNull();
});

test('without registers it says so, and names what the ring shows', async () => {
  withRegisters({ code: 'not-available', message: 'The driver is gone.' });
  rendered.show(<AutopsyPanel />);
  await take(devicesAre(), ...stuck());
  expect(text()).toContain('Likely cause: The head has stopped: the card does not fetch likely');
  expect(text()).toContain('The registers could not be read.');
});

test('the kernel’s timeout that follows is the same case, one much later is another', async () => {
  withRegisters(null);
  rendered.show(<AutopsyPanel />);
  const timeout = (at: number) => logAt(at, 'rigb 0000:01:00.0 eth0: NETDEV WATCHDOG: CPU: 0: transmit queue 0 timed out 5001 ms', 2);
  await take(devicesAre(), ...stuck(), timeout(15));
  expect(rendered.model.autopsies.store.getState().autopsies).toHaveLength(1);
  await take(idleTransmit(16, 20), idleTransmit(40, 20), timeout(60));
  expect(rendered.model.autopsies.store.getState().autopsies).toHaveLength(2);
  expect(rendered.place.querySelectorAll('select option')).toHaveLength(2);
});

test('one is made of the chosen queue when asked, and its moments lead to every panel', async () => {
  withRegisters(null);
  await take(devicesAre(), ...stuck());
  act(() => rendered.model.layout.setState({ ring: { kind: 'tx', index: 0 } }));
  rendered.show(<AutopsyPanel />);
  await act(async () => {
    button('Make one now')?.click();
    await vi.waitFor(() => expect(rendered.model.autopsies.store.getState().autopsies).toHaveLength(2));
  });
  expect(rendered.model.autopsies.store.getState().autopsies).toHaveLength(2);
  expect(text()).toContain('Asked for by the person at the window.');
  act(() => rendered.place.querySelector<HTMLButtonElement>('.likely-cause .evidence-list button')?.click());
  expect(rendered.model.time.getState().chosenSeconds).toBe(12);
});

test('a saved one is opened, and one that is none is refused in words', async () => {
  rendered.show(<AutopsyPanel />);
  await act(() => rendered.model.autopsies.open('a.json', JSON.stringify(examine(frozenCase()))));
  expect(text()).toContain('eth0 TX queue 0: The head has stopped');
  await act(() => rendered.model.autopsies.open('b.json', '{}'));
  expect(rendered.place.querySelector('[role="alert"]')?.textContent).toMatch(/^b\.json: This is no saved autopsy/);
  expect(text()).toContain('eth0 TX queue 0: The head has stopped');
});

test('what is copied names no machine unless that is wanted', async () => {
  const copied: string[] = [];
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: async (one: string) => void copied.push(one) } });
  const log = [{ atSeconds: 99, level: 6, text: 'dhcp: 192.168.17.4 for 52:54:00:12:34:56' }];
  await act(() => rendered.model.autopsies.open('a.json', JSON.stringify(examine(frozenCase({ log })))));
  rendered.show(<AutopsyPanel />);
  await act(async () => button('Copy')?.click());
  act(() => rendered.place.querySelector<HTMLInputElement>('input[type="checkbox"]')?.click());
  await act(async () => button('Copy')?.click());
  expect(copied.map((one) => /dhcp: .*/.exec(one)?.[0])).toEqual([
    'dhcp: 192.168.x.x for 52:54:00:xx:xx:xx',
    'dhcp: 192.168.17.4 for 52:54:00:12:34:56',
  ]);
});

test('a file is called after what it holds', () => {
  expect(fileNameOf('eth0 TX queue 0: The card’s engine is off')).toBe('autopsy-eth0-tx-queue-0-the-card-s-engine-is-off');
});
