// Every cause of an autopsy: the case that shows it, and that a healthy card in its place does not.
import { describe, expect, test } from 'vitest';
import { causes, examine } from '#common/autopsy/examine.ts';
import type { FrozenCase } from '#common/autopsy/frozen-case.ts';
import { frozenCase, receiveCase, standingRing, vectorWith } from '../../support/frozen-case.ts';

const TCTL = 0x400;
const RCTL = 0x100;
const STATUS = 0x8;
const EIMS = 0x1524;
const cause = (frozen: FrozenCase) => examine(frozen).likelyCause;
const found = (frozen: FrozenCase) => `${cause(frozen)?.id} ${cause(frozen)?.confidence}`;

describe('the likely cause is', () => {
  test('a card that is gone, when its registers are ones, whatever else that looks like', () => {
    const gone = Object.fromEntries([0, STATUS, RCTL, TCTL, EIMS].map((offset) => [offset, 0xffff_ffff]));
    expect(found(frozenCase({}, gone))).toBe('card-gone certain');
    const ones = { head: 0xffff_ffff, tail: 0xffff_ffff, nextToUse: 20, nextToClean: 5 };
    expect(found(frozenCase({ rings: [standingRing('tx', ones)] }, null))).toBe('card-gone certain');
  });

  test('a card that the driver has given up, when only the log says so', () => {
    const log = [{ atSeconds: 99, level: 3, text: 'rigb 0000:01:00.0: the card does not answer any more; the port is detached' }];
    expect(found(frozenCase({ log, rings: [] }, null))).toBe('card-gone likely');
  });

  test('bus mastering that is off', () => {
    expect(found(frozenCase({}, { [STATUS]: 0x83 }))).toBe('bus-master-off certain');
    expect(found(frozenCase({}, { 0: 0x44 }))).toBe('bus-master-off certain');
  });

  test('a link that is lost', () => {
    expect(found(frozenCase({}, { [STATUS]: 0x0008_0081 }))).toBe('link-lost certain');
    const link = { carrier: false, administrativeUp: true, speedMbps: null };
    expect(found(frozenCase({ link }, null))).toBe('link-lost likely');
  });

  test('a transmit engine that is off, and names the register', () => {
    expect(found(frozenCase({}, { [TCTL]: 0x0103_f0f8 }))).toBe('engine-off certain');
    expect(cause(frozenCase({}, { [TCTL]: 0 }))?.text).toBe(
      'TCTL.EN is 0, so the card does not fetch what is to be sent although the queue is in use.',
    );
  });

  test('a queue that is off, of its own kind and number', () => {
    expect(cause(frozenCase({}, { 57384: 0 }))?.text).toMatch(/^TXDCTL\(0\)\.ENABLE is 0/);
    expect(cause({ ...receiveCase(vectorWith(0, 0)), registers: frozenCase({}, { [RCTL]: 0 }).registers })?.text).toMatch(/^RCTL\.EN is 0/);
  });

  test('a partner that sends pause frames', () => expect(found(frozenCase({}, { [STATUS]: 0x0008_0093 }))).toBe('paused likely'));

  test('a tail that was not written', () => {
    const ring = standingRing(
      'tx',
      { head: 5, tail: 5, nextToUse: 20, nextToClean: 5 },
      { pending: { waiting: 'doorbell', descriptors: 15, at: 5 } },
    );
    expect(found(frozenCase({ rings: [ring] }))).toBe('tail-not-written likely');
    expect(cause(frozenCase({ rings: [ring] }))?.text).toContain('TDT stands at 5, next_to_use at 20');
  });

  test('a head that has stopped, when the engine is on', () => {
    expect(found(frozenCase())).toBe('head-stopped likely');
    expect(cause(frozenCase())?.evidence).toContainEqual({ what: 'TDH stood for', value: 2000, unit: 'ms', atSeconds: 100 });
  });

  test('an interrupt that is masked while nothing polls', () => {
    expect(found(receiveCase(vectorWith(0, 0), { [EIMS]: 0x6 }))).toBe('interrupt-masked certain');
  });

  test('an interrupt that does not come though it is not masked', () => {
    expect(found(receiveCase(vectorWith(0, 0)))).toBe('interrupt-masked likely');
    expect(cause(receiveCase(vectorWith(0, 0)))?.text).toContain('has not interrupted for 2.0 s although it is not masked');
  });

  test('a poll that never runs after its interrupts', () => {
    expect(found(receiveCase(vectorWith(40, 0)))).toBe('budget-starved likely');
  });

  test('a poll that runs all the time and cannot keep up', () => {
    expect(found(receiveCase(vectorWith(10, 8000), {}, 50))).toBe('budget-starved likely');
  });

  test('a poll that runs and does not clean', () => expect(found(receiveCase(vectorWith(10, 10)))).toBe('not-cleaned possible'));

  test('a receive ring without descriptors', () => {
    const rings = [standingRing('rx', { head: 9, tail: 9, nextToUse: 9, nextToClean: 10 })];
    expect(found(frozenCase({ queue: { kind: 'rx', index: 0 }, rings }))).toBe('out-of-descriptors likely');
  });
});

test('masked while it is polled is how NAPI works, and no cause', () => {
  const ids = examine(receiveCase(vectorWith(10, 10), { [EIMS]: 0x6 }));
  expect([ids.likelyCause, ...ids.otherCauses].map((one) => one?.id)).not.toContain('interrupt-masked');
});

test('a head that has just moved has not stopped', () => {
  const history = [5, 9, 14].map((head, step) => ({ atSeconds: 99.8 + step / 10, head, tail: 20, nextToUse: 20, nextToClean: head }));
  const ring = standingRing('tx', { head: 14, tail: 20, nextToUse: 20, nextToClean: 14 }, { history });
  expect(cause(frozenCase({ rings: [ring] }))).toBeNull();
});

test('of several, the surest comes first and the others are told', () => {
  const log = [{ atSeconds: 97, level: 6, text: 'rigb 0000:01:00.0 eth0: link down' }];
  const { likelyCause, otherCauses, excluded } = examine(frozenCase({ log }, { [TCTL]: 0 }));
  expect(likelyCause?.id).toBe('engine-off');
  expect(otherCauses.map(({ id, confidence }) => [id, confidence])).toEqual([
    ['head-stopped', 'likely'],
    ['link-lost', 'possible'],
  ]);
  expect(excluded).toHaveLength(causes.length - 3);
});

test('without registers, rings and samples the page says what was not known, and claims nothing', () => {
  const { likelyCause, missing, title } = examine(frozenCase({ rings: [], vectors: [], rates: null }, null));
  expect(likelyCause).toBeNull();
  expect(missing).toHaveLength(4);
  expect(title).toBe('eth0 TX queue 0: no cause found');
});
