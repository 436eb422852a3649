// The register panel without a browser: snapshots go into the model, words come out, a confirmed write becomes a request.
import { act } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EventOf } from '../../../main/common/protocol.ts';
import { RegistersPanel } from '../../../renderer/panels/registers/registers-panel.tsx';
import { readWord } from '../../../renderer/panels/registers/write-dialog.tsx';
import { toggleOpen, toggleWatched } from '../../../renderer/state/register-view.ts';
import type { WindowModel } from '../../../renderer/state/window-model.ts';
import { observation } from '../../support/observation.ts';
import { registersSnapshot } from '../../support/registers-snapshot.ts';
import { RenderedWindow } from '../../support/rendered-window.tsx';
import { device, deviceAddress, helloEvent } from '../../support/wire-payloads.ts';

let rendered: RenderedWindow;
let model: WindowModel;

const liveTarget: EventOf<'target'> = {
  type: 'target',
  kind: 'lab',
  phase: 'live',
  step: '',
  elapsedMs: 0,
  accelerator: 'kvm',
  machine: null,
  reason: null,
  lastConsoleLines: [],
};

// A list of this height shows every row that a search leaves; happy-dom lays nothing out.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(700);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(900);
  rendered = new RenderedWindow();
  ({ model } = rendered);
});
afterEach(() => {
  rendered.end();
  vi.restoreAllMocks();
});

const text = () => document.body.textContent ?? '';
const snapshot = (seconds: number, values: Record<number, number>) => act(() => model.registers.add(registersSnapshot(seconds, values)));
const row = (name: string) =>
  [...document.querySelectorAll('[role="row"]')].find((one) => one.querySelector('.name')?.textContent?.startsWith(name));
const valueIn = (name: string) => row(name)?.querySelector('[data-testid="register-value"]');
const labelled = (label: string) => document.body.querySelector<HTMLElement>(`[aria-label="${label}"]`);
const buttonNamed = (name: string) => [...document.body.querySelectorAll('button')].find((one) => one.textContent === name);

/** The descriptions come with a file of their own. */
const described = () => act(async () => void (await import('../../../renderer/panels/registers/register-groups.ts')));

async function open(search: string, capabilities: readonly string[] = ['write-register']) {
  model.registerView.setState({ search });
  const missing = capabilities.includes('write-register')
    ? []
    : [{ capability: 'write-register', reason: 'the agent was started without --allow-writes' }];
  rendered.tell(liveTarget, { ...helloEvent(), capabilities: [...capabilities], missing }, { type: 'devices', devices: [device] });
  rendered.show(<RegistersPanel />);
  await described();
}

describe('a value', () => {
  test('is shown in hexadecimal digits, and in decimal ones when they are wanted', async () => {
    await open('EITR[0]');
    snapshot(10, { 5760: 0x8000_00c4 });
    expect(valueIn('EITR[0]')?.textContent).toBe('0x8000 00c4');
    act(() => buttonNamed('Hex')?.click());
    expect(valueIn('EITR[0]')?.textContent?.replaceAll(/\D/g, '')).toBe('2147483844');
  });

  test('that changed is underlined and dated, until it stays', async () => {
    await open('STATUS');
    snapshot(10, { 8: 1 });
    expect(valueIn('STATUS')?.getAttribute('data-changed')).toBe('false');
    snapshot(11.25, { 8: 3 });
    expect(valueIn('STATUS')?.getAttribute('data-changed')).toBe('true');
    expect(row('STATUS')?.querySelector('.changed')?.textContent).toBe('11.25 s');
    for (const seconds of [12, 13, 14]) snapshot(seconds, { 8: 3 });
    expect(valueIn('STATUS')?.getAttribute('data-changed')).toBe('false');
    expect(row('STATUS')?.querySelector('.changed')?.textContent).toBe('11.25 s');
  });

  test('is that of the instant at which the screen stands still', async () => {
    await open('STATUS');
    snapshot(10, { 8: 1 });
    snapshot(11, { 8: 3 });
    act(() => model.time.setState({ pausedSeconds: 10.5 }));
    expect(valueIn('STATUS')?.textContent).toBe('0x0000 0001');
  });

  test('that the driver does not show says so', async () => {
    await open('LEDCTL');
    snapshot(10, { 8: 1 });
    expect(valueIn('LEDCTL')?.textContent).toBe('not read');
    expect(row('LEDCTL')?.querySelector('.value')?.getAttribute('title')).toContain('Not read: the driver does not show it');
  });
});

describe('a register that reading changes', () => {
  test('is not polled and says why', async () => {
    await open('SWSM');
    snapshot(10, { 8: 1 });
    expect(valueIn('SWSM')?.textContent).toBe('not polled');
    expect(row('SWSM')?.querySelector('.value')?.getAttribute('title')).toContain('Reading it takes SMBI');
    expect(row('SWSM')?.querySelector('.effect')?.textContent).toBe('S');
  });

  test('has the sum that the driver keeps, where it keeps one', async () => {
    await open('GPRC');
    rendered.tell(observation());
    expect(valueIn('GPRC')?.textContent?.replaceAll(/[^\dΣ]/g, '')).toBe('Σ1000');
  });
});

describe('an open register', () => {
  test('has its fields with value, meaning, and the date of their own last change', async () => {
    await open('STATUS');
    snapshot(10, { 8: 0x80 });
    snapshot(11, { 8: 0x82 });
    act(() => toggleOpen(model.registerView, `offset ${0x8}`, true));
    const field = row('LU');
    expect(field?.querySelector('[data-testid="field-value"]')?.textContent).toBe('0x1');
    expect(field?.textContent).toContain('up');
    expect(field?.querySelector('.changed')?.textContent).toBe('11.00 s');
    expect(row('SPEED')?.querySelector('.changed')?.textContent).toBe('');
  });

  test('lights the bits of the field under the pointer', async () => {
    await open('STATUS');
    snapshot(10, { 8: 0x82 });
    act(() => toggleOpen(model.registerView, `offset ${0x8}`, true));
    // React hears of entering by the event that bubbles.
    act(() => row('SPEED')?.dispatchEvent(new PointerEvent('pointerover', { bubbles: true })));
    expect([...document.querySelectorAll('[data-state="lit"]')].map((bit) => bit.getAttribute('data-bit'))).toEqual(['7', '6']);
  });

  test('says what reading and writing it does', async () => {
    await open('MDIC');
    act(() => toggleOpen(model.registerView, `offset ${0x20}`, true));
    expect(text()).toContain('driver and firmware share under a semaphore');
    expect(text()).toContain('it cuts into a transfer');
  });
});

describe('a watched register', () => {
  test('has a chart below the list and leaves it on request', async () => {
    await open('STATUS');
    snapshot(10, { 8: 1 });
    act(() => labelled('Watch STATUS')?.click());
    expect(labelled('STATUS over time')).not.toBeNull();
    act(() => labelled('Watch STATUS no longer')?.click());
    expect(labelled('STATUS over time')).toBeNull();
  });

  test('that is never polled says why in place of a chart', async () => {
    await open('ICR');
    act(() => toggleWatched(model.registerView, 0xc0));
    expect(labelled('Watched registers')?.textContent).toContain('the driver would miss a link change');
  });

  test('has its value of the instant that is pointed at anywhere', async () => {
    await open('STATUS');
    snapshot(10, { 8: 1 });
    snapshot(11, { 8: 3 });
    act(() => toggleWatched(model.registerView, 0x8));
    act(() => model.time.setState({ hoveredSeconds: 10.2 }));
    expect(labelled('Watched registers')?.textContent).toContain('then 0x0000 0001');
  });
});

describe('writing', () => {
  const openField = async (capabilities?: readonly string[]) => {
    await open('LEDCTL', capabilities);
    snapshot(10, { 3584: 0x0706_8302 });
    act(() => toggleOpen(model.registerView, `offset ${0xe00}`, true));
  };

  test('asks with old value, new value and effect, and sends the confirmed value', async () => {
    const request = vi.spyOn(model, 'request').mockResolvedValue(null);
    await openField();
    act(() => labelled('Write LEDCTL')?.click());
    const dialog = document.body.querySelector('[role="alertdialog"]');
    expect(dialog?.textContent).toContain('Changes the lamps and nothing else');
    expect(dialog?.textContent).toContain('Old 0x0706 8302');
    const blink = labelled('LED0_BLINK, new value') as HTMLInputElement;
    act(() => blink.click());
    await act(async () => buttonNamed('Write 0x0706 8382')?.click());
    expect(request).toHaveBeenCalledWith('write-register', { device: deviceAddress, offset: 0xe00, value: 0x0706_8382, confirmed: true });
    expect(request).toHaveBeenLastCalledWith('read', { device: deviceAddress, what: 'registers' });
    expect(document.body.querySelector('[role="alertdialog"]')).toBeNull();
  });

  test('gives the focus back to the list from which it was asked', async () => {
    await openField();
    const list = labelled('Registers of the card') as HTMLElement;
    act(() => list.focus());
    act(() => labelled('Write LEDCTL')?.click());
    await act(async () => buttonNamed('Leave it')?.click());
    await vi.waitFor(() => expect(document.activeElement).toBe(list));
  });

  test('of a register that nobody reads says that nothing will show what came of it', async () => {
    await open('TCPTIMER');
    snapshot(10, { 8: 1 });
    act(() => toggleOpen(model.registerView, `offset ${0x104c}`, true));
    act(() => labelled('Write TCPTIMER')?.click());
    expect(document.body.querySelector('[role="alertdialog"]')?.textContent).toContain('nothing here will show what came of the write');
    expect(buttonNamed('Write')?.disabled).toBe(true);
  });

  test('that is refused stays open with the reason', async () => {
    vi.spyOn(model, 'request').mockResolvedValue({
      code: 'not-available',
      message: 'The kernel lets nobody map it.',
      remedy: 'Use the lab.',
    });
    await openField();
    act(() => labelled('Write LEDCTL')?.click());
    await act(async () => buttonNamed('Write 0x0706 8302')?.click());
    expect(document.body.querySelector('[role="alert"]')?.textContent).toBe('The kernel lets nobody map it. Use the lab.');
  });

  test('cannot be asked for when the agent does not allow it, and says why', async () => {
    await openField([]);
    const button = labelled('Write LEDCTL') as HTMLButtonElement;
    expect(button.disabled).toBe(true);
    expect(button.title).toContain('without --allow-writes');
  });

  test('understands words as people type them', () => {
    expect(['0x1F', '31', '0x0000 001f', '0xffff_ffff', '4294967296', '0x1ffffffff', '', '-1', 'x'].map(readWord)).toEqual([
      31,
      31,
      31,
      0xffff_ffff,
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('before anything is read', () => {
  test('the registers are described all the same, with the reason above them', async () => {
    model.registerView.setState({ search: 'CTRL_EXT' });
    rendered.tell(liveTarget, helloEvent(), { type: 'devices', devices: [{ ...device, driver: 'igb', rings: [] }] });
    rendered.show(<RegistersPanel />);
    await described();
    expect(text()).toContain('igb drives 0000:01:00.0 and shows no registers; rigb does.');
  });

  test('values that are no longer read keep their time and say why', async () => {
    await open('STATUS');
    snapshot(10, { 8: 1 });
    rendered.tell({ type: 'devices', devices: [{ ...device, driver: null, rings: [] }] });
    expect(valueIn('STATUS')?.textContent).toBe('0x0000 0001');
    expect(text()).toContain('1 registers read at 10.00 s, and not since then: no driver has 0000:01:00.0');
  });

  test('a search that finds nothing offers to show all', async () => {
    await open('no such thing');
    act(() => buttonNamed('Show all')?.click());
    expect(row('CTRL')).toBeDefined();
  });
});

test('a right click offers to copy, to watch and to write what it was on', async () => {
  await open('PHYRA');
  snapshot(10, { 8: 1 });
  act(() => row('STATUS')?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, button: 2 })));
  await act(async () => row('STATUS')?.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true })));
  const items = [...document.body.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  expect(items.map((item) => item.textContent)).toEqual(['Copy raw', 'Copy decoded', 'Watch W', 'Go to its last change', 'Write… Enter']);
  await act(async () => items[2]?.click());
  expect(model.registerView.getState().watched).toEqual([0x8]);
});

test('the list is walked, opened and watched by keys', async () => {
  await open('PHYRA');
  const list = labelled('Registers of the card');
  const press = (key: string) => act(() => list?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })));
  press('Home');
  press('ArrowDown');
  expect(document.querySelector('[aria-selected="true"]')?.textContent).toContain('STATUS');
  press('ArrowRight');
  expect(row('LU')).toBeDefined();
  press('w');
  expect(model.registerView.getState().watched).toEqual([0x8]);
  press('ArrowLeft');
  expect(row('LU')).toBeUndefined();
});

test('keys go on working after a click on a row’s button', async () => {
  await open('PHYRA');
  const button = labelled('Open STATUS');
  act(() => void row('STATUS')?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true })));
  act(() => void button?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true })));
  expect(row('LU')).toBeDefined();
});
