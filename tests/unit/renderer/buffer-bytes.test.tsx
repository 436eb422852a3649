// The bytes of a descriptor as a person sees them: nothing before it was agreed to, then layers and dump that light each other, and words about whose bytes they are.
import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { BufferSnapshot } from '../../../main/common/layouts/buffer.ts';
import type { Refusal } from '../../../main/common/protocol.ts';
import { BufferBytes } from '../../../renderer/panels/descriptors/buffer-bytes.tsx';
import { RenderedWindow } from '../../support/rendered-window.tsx';
import { deviceAddress } from '../../support/wire-payloads.ts';

const arp = '525400123457525400123456080600010800060400015254001234 56c0000201000000000000c0000202'.replaceAll(' ', '');
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const place = { device: deviceAddress, kind: 'rx', queue: 0, index: 17 } as const;

let rendered: RenderedWindow;
let requests: unknown[];
let answers: Record<string, Refusal | null>;
let copied: string[];

beforeEach(() => {
  rendered = new RenderedWindow();
  requests = [];
  answers = {};
  copied = [];
  vi.spyOn(rendered.model, 'request').mockImplementation((verb, args) => {
    requests.push([verb, args]);
    return Promise.resolve(answers[verb] ?? null);
  });
  Object.defineProperty(navigator, 'clipboard', {
    value: { writeText: async (text: string) => void copied.push(text) },
    configurable: true,
  });
});
afterEach(() => {
  rendered.end();
  vi.restoreAllMocks();
});

const text = () => document.body.textContent ?? '';
const button = (name: RegExp) =>
  [...document.body.querySelectorAll('button')].find((one) => name.test(one.textContent ?? '')) ?? expect.fail(`no button ${name}`);
const click = (name: RegExp) => act(async () => button(name).click());
const marked = () => [...document.body.querySelectorAll('.hex-dump mark')].map((mark) => mark.textContent);

const look = (part: Partial<BufferSnapshot> = {}): BufferSnapshot => ({
  ...{ ...place, timeBeforeNs: 1n, timeAfterNs: 2_500_000_000n, holding: 'received', first: 17, last: 17, generation: 1n },
  ...{ whole: 42, bytes: bytes(arp), kept: null },
  ...part,
});

async function permitted(part: Partial<BufferSnapshot> = {}): Promise<void> {
  rendered.show(<BufferBytes place={place} />);
  await click(/^Show bytes…/);
  await click(/^Show bytes$/);
  act(() => rendered.model.buffers.take(look(part)));
}

test('nothing is asked for or shown before somebody has read what it exposes', async () => {
  rendered.show(<BufferBytes place={place} />);
  act(() => rendered.model.buffers.take(look()));
  expect(text()).not.toContain('52 54');
  await click(/^Show bytes…/);
  expect(text()).toContain('Payload becomes visible');
  expect(requests).toEqual([]);
  await click(/^Leave it/);
  expect(requests).toEqual([]);
  expect(text()).toContain('Payload is shown to nobody who has not asked for it');
});

test('agreed to, it is permitted for this device and looked at once', async () => {
  await permitted();
  expect(requests).toEqual([
    ['show-buffers', { device: deviceAddress, on: true, confirmed: true }],
    ['read', { device: deviceAddress, what: 'buffer:rx:0:17' }],
  ]);
  expect(text()).toContain('who has 192.0.2.2? tell 192.0.2.1');
  expect(text()).toContain('52 54 00 12 34 57');
  expect(text()).toContain('42 of 42 bytes');
});

test('what the agent refuses is said where it was asked for, with the way out', async () => {
  answers['show-buffers'] = { code: 'not-available', message: 'The driver shows no buffers.', remedy: 'Let rigb drive the device.' };
  rendered.show(<BufferBytes place={place} />);
  await click(/^Show bytes…/);
  await click(/^Show bytes$/);
  expect(document.querySelector('[role="alert"]')?.textContent).toBe('The driver shows no buffers. Let rigb drive the device.');
});

test('a field that is pointed at lights its bytes', async () => {
  await permitted();
  await click(/^▸ARP/);
  act(() => button(/^Sender protocol/).focus());
  expect(marked()).toEqual(['c0 00 02 01', '....']);
});

test('a layer that is pointed at lights all of its lines', async () => {
  await permitted();
  act(() => button(/^▸Ethernet/).focus());
  expect(marked()[0]).toBe('52 54 00 12 34 57 52 54 00 12 34 56 08 06');
});

test('old bytes of a posted buffer are called old, and what was kept of the last frame is shown first', async () => {
  await permitted({ holding: 'posted', whole: 1638, kept: { timeNs: 2_250_000_000n, whole: 60, bytes: bytes(arp) } });
  expect(text()).toContain('The last frame that the driver took from this slot');
  expect(text()).toContain('Taken at 2.250000');
  expect(text()).toContain('42 of 60 bytes');
  await click(/^In the buffer now/);
  expect(text()).toContain('these are old bytes');
  await click(/^Looked at 2\.500000/);
  expect(rendered.model.time.getState().chosenSeconds).toBe(2.5);
});

test('an empty slot says so and shows no dump', async () => {
  await permitted({ holding: 'empty', whole: 0, bytes: bytes('') });
  expect(text()).toContain('The driver holds no buffer here now');
  expect(document.querySelector('[data-testid="hex-dump"]')).toBeNull();
});

test('a look at another descriptor is not shown here', async () => {
  await permitted({ index: 18 });
  expect(document.querySelector('[data-testid="hex-dump"]')).toBeNull();
});

test('the dump is copied as text', async () => {
  await permitted();
  await click(/^Copy dump/);
  expect(copied[0]?.split('\n')[0]).toBe('0000  52 54 00 12 34 57 52 54  00 12 34 56 08 06 00 01  RT..4WRT..4V....');
});

test('hidden bytes are gone from the window, and the permission from the driver', async () => {
  await permitted();
  await click(/^Hide bytes/);
  expect(requests.at(-1)).toEqual(['show-buffers', { device: deviceAddress, on: false, confirmed: false }]);
  expect(text()).not.toContain('52 54');
  expect(rendered.model.buffers.store.getState().look).toBeNull();
});

test('an agent that permits it no more is asked again', async () => {
  await permitted();
  answers.read = { code: 'no-permission', message: 'Nobody has permitted it.' };
  await click(/^Look again/);
  expect(button(/^Show bytes…/)).toBeDefined();
  expect(text()).not.toContain('52 54');
});
