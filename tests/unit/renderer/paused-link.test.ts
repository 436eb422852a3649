// A paused window on a connection: everything goes on arriving, is kept and acknowledged, and is shown when the screen goes on.
import { expect, test } from 'vitest';
import { encodeFrame, FrameDecoder, type Stream, streams } from '../../../main/common/frame.ts';
import type { SessionEvent } from '../../../main/common/protocol.ts';
import type { Transport } from '../../../main/common/transport.ts';
import { encodeControl } from '../../../main/node/agent/control-message.ts';
import { transportPair } from '../../../main/node/session/memory-transport.ts';
import { WindowModel } from '../../../renderer/state/window-model.ts';
import { observation } from '../../support/observation.ts';
import { settle } from '../../support/session-window.ts';
import {
  deviceAddress,
  devicesEvent,
  helloEvent,
  logPayload,
  moduleEvent,
  ringPayload,
  samplePayload,
  tableEvent,
} from '../../support/wire-payloads.ts';

/** The session's end: answers every request, and counts what was acknowledged. */
class Told {
  acknowledged = 0;
  readonly #transport: Transport;
  readonly #sequences = new Map<Stream, number>();

  constructor(transport: Transport) {
    this.#transport = transport;
    const decoder = new FrameDecoder();
    transport.onFrame((bytes) => {
      for (const event of decoder.push(bytes)) {
        if (event.type !== 'frame') continue;
        const { id, verb } = JSON.parse(new TextDecoder().decode(event.frame.payload)) as { id: number; verb: string };
        if (verb === 'acknowledge') this.acknowledged += 1;
        else transport.send(encodeControl({ type: 'reply', id, ok: true }, this.#next(streams.control)));
      }
    });
  }

  async events(...events: SessionEvent[]): Promise<void> {
    for (const event of events) this.#transport.send(encodeControl(event, this.#next(streams.control)));
    await settle();
  }

  async bulk(stream: Stream, payload: Uint8Array): Promise<void> {
    this.#transport.send(encodeFrame({ stream, sequence: this.#next(stream), payload }));
    await settle();
  }

  #next(stream: Stream): number {
    const sequence = this.#sequences.get(stream) ?? 0;
    this.#sequences.set(stream, sequence + 1);
    return sequence;
  }
}

async function connected(): Promise<{ model: WindowModel; told: Told }> {
  const [here, there] = transportPair();
  const told = new Told(there);
  const model = new WindowModel({
    dial: async () => ({ type: 'open', transport: here }),
    clock: { requestFrame: (run) => queueMicrotask(run), afterPaint: (run) => run() },
    application: 'test',
    keptLayout: null,
    later: () => undefined,
  });
  model.start();
  await settle();
  await told.events(helloEvent(), moduleEvent('live'), devicesEvent(), tableEvent());
  return { model, told };
}

test('while the screen stands everything goes on arriving, and is acknowledged, kept and shown afterwards', async () => {
  const { model, told } = await connected();
  const key = 'network_stats eth0 rx_packets';
  await told.bulk(streams.sample, samplePayload(1_000_000_000n, { counters: [1n, 10n, 20n, 0n] }));
  await told.bulk(streams.ring, ringPayload('rx', 0, 1));
  await told.events(observation({ timeNs: '1000000000' }));
  model.standstill.pause();
  await settle();
  let painted = 0;
  model.history.subscribe(() => {
    painted += 1;
  });
  const before = told.acknowledged;
  await told.bulk(streams.sample, samplePayload(2_000_000_000n, { counters: [1n, 30n, 20n, 0n] }));
  await told.bulk(streams.ring, ringPayload('rx', 0, 2));
  await told.bulk(streams.log, logPayload([2_000_000]));
  await told.events(observation({ timeNs: '2000000000' }), moduleEvent('absent'));
  expect(told.acknowledged).toBe(before + 3);
  expect(painted).toBe(0);
  const ring = () => model.rings.get(`${deviceAddress} rx0`)?.snapshot.after.head;
  const shown = ring();
  expect(model.history.counterAt(1, 0)).toBe(10);
  model.standstill.goOn();
  await settle();
  expect(painted).toBeGreaterThan(0);
  expect(model.history.counterAt(1, 0)).toBe(30);
  expect(model.history.rateAt(key, 2)).toBe(20);
  expect([shown, ring()]).toEqual([1, 2]);
  expect(model.observationHistory.get(deviceAddress)?.newestSeconds).toBe(2);
  expect(model.marks.events.map(({ label, seconds }) => [label, seconds])).toEqual([['Driver rigb absent', 2]]);
  expect(model.marks.log).toHaveLength(1);
});

test('another boot begins with no instant of the one before', async () => {
  const { model, told } = await connected();
  await told.bulk(streams.sample, samplePayload(5_000_000_000n));
  model.standstill.pause();
  model.time.setState({ chosenSeconds: 4, markASeconds: 3 });
  await told.events(helloEvent('2000000000000'), tableEvent(2));
  expect(model.time.getState()).toMatchObject({ pausedSeconds: null, chosenSeconds: null, markASeconds: null });
  await told.bulk(streams.sample, samplePayload(1_000_000_000n, { tableId: 2 }));
  expect(model.history.series.oldestSeconds).toBe(1);
});

test('a connection that is lost and found keeps the history: what is told again is no new time', async () => {
  const { model, told } = await connected();
  await told.bulk(streams.sample, samplePayload(1_000_000_000n));
  await told.bulk(streams.sample, samplePayload(2_000_000_000n));
  await told.events(helloEvent(), { ...tableEvent(7), counters: [] }, tableEvent());
  await told.bulk(streams.sample, samplePayload(2_000_000_000n));
  await told.bulk(streams.sample, samplePayload(3_000_000_000n));
  expect([model.history.series.oldestSeconds, model.history.series.newestSeconds]).toEqual([1, 3]);
});
