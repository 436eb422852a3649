// The course of `ringscope autopsy`: watch the queues of a card for some seconds, read its registers, name the likely cause. Nothing is changed.
import { FactFeed } from '#common/alerts/fact-feed.ts';
import { Lookout } from '#common/alerts/lookout.ts';
import type { AutopsyDocument } from '#common/autopsy/autopsy-document.ts';
import { AutopsyHistory, type AutopsySubject } from '#common/autopsy/autopsy-history.ts';
import { examine } from '#common/autopsy/examine.ts';
import { streams } from '#common/frame.ts';
import { type RegistersSnapshot, readRegistersSnapshot } from '#common/layouts/snapshot.ts';
import type { Device } from '#common/protocol.ts';
import { askOf, type PrepareOptions, stepLimitMs, waitForAgent } from './prepare-target.ts';

/** What an autopsy needs. */
export interface AutopsyOptions extends PrepareOptions {
  /** PCI address, or null for the only card whose driver shows its rings. */
  readonly device: string | null;
  /** The queue, or null for the one that is stuck, else the first transmit queue. */
  readonly queue: AutopsySubject['queue'];
  readonly seconds: number;
}

const watchHz = 20;

function chosen(devices: readonly Device[], wanted: string | null): Device {
  const showing = devices.filter(({ rings }) => rings.length > 0);
  const list = showing.map(({ pciAddress }) => pciAddress).join(', ');
  if (wanted !== null) {
    const found = showing.find(({ pciAddress }) => pciAddress === wanted);
    if (found) return found;
    throw new Error(`No driver shows the rings of ${wanted}; it does of: ${list || 'none'}.`);
  }
  const [only, ...more] = showing;
  if (!only) throw new Error('No driver shows its rings, so there is nothing to look into; rigb does.');
  if (more.length > 0) throw new Error(`Several cards show their rings: ${list}; choose one with --device.`);
  return only;
}

/** Makes the page. Every failure is an Error whose message is a sentence. */
export async function takeAutopsy(options: AutopsyOptions): Promise<AutopsyDocument> {
  const { connection, collected, seconds, onStep } = options;
  const hello = await waitForAgent(options);
  const device = await collected.until(
    () => {
      const { devices } = collected.event('devices') ?? { devices: [] };
      // A driver that is being loaded shows its rings in a moment.
      return devices.some(({ rings }) => rings.length > 0) || collected.event('module')?.state === 'absent'
        ? chosen(devices, options.device)
        : null;
    },
    stepLimitMs,
    'No driver shows its rings, so there is nothing to look into; rigb does.',
  );
  const lookout = new Lookout();
  const history = new AutopsyHistory();
  const feed = new FactFeed();
  let registers: RegistersSnapshot | null = null;
  const take = (content: Parameters<Lookout['take']>[0]) => {
    const fact = lookout.date(content);
    history.take(fact);
    lookout.takeFact(fact);
  };
  for (const event of [hello, collected.event('table'), collected.event('devices'), collected.event('module')])
    for (const fact of event ? feed.event(event) : []) take(fact);
  for (const record of collected.records) take({ kind: 'log', record });
  const ends = [
    connection.onEvent((event) => feed.event(event).forEach(take)),
    connection.onBulk(({ stream, payload }) => {
      if (stream === streams.registers) {
        const read = readRegistersSnapshot(payload);
        if (read.ok) registers = read.value;
      } else feed.bulk(stream, payload).forEach(take);
    }),
  ];
  const { pciAddress } = device;
  const things = [...device.rings.map(({ kind, index }) => `ring:${kind}:${index}`), 'vectors'];
  try {
    onStep(`Looking into ${pciAddress} for ${seconds} s`);
    for (const what of things) await askOf(connection, 'watch', { device: pciAddress, what, hz: watchHz });
    await collected.pause(seconds * 1000);
    // What cannot be read is missing from the page, which says so.
    await connection.request('read', { device: pciAddress, what: 'registers' });
  } finally {
    for (const end of ends) end();
    for (const what of things) await connection.request('watch', { device: pciAddress, what, hz: 0 });
  }
  const alert = lookout.book.open.find((one) => one.device === pciAddress && (one.rule === 'queue-stuck' || one.rule === 'tx-timeout'));
  const [, kind, index] = /^(rx|tx):(\d+)$/.exec(alert?.queue ?? '') ?? [];
  const found = kind === undefined ? null : { kind: kind as 'rx' | 'tx', index: Number(index) };
  const first = device.rings.find((ring) => ring.kind === 'tx') ?? null;
  const queue = options.queue ?? found ?? first;
  const trigger =
    alert && (options.queue === null || `${queue?.kind}:${queue?.index}` === alert.queue) ? alert.text : 'Asked for on the command line.';
  return examine(history.freeze({ device: pciAddress, queue, trigger, atSeconds: lookout.situation.nowSeconds }, { registers, hello }));
}
