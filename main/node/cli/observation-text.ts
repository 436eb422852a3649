// One look at a card, as text for a terminal; what the driver does not offer says so.
import type { ObservationDocument } from './take-observation.ts';

function aligned(rows: readonly (readonly (string | number)[])[]): string[] {
  const texts = rows.map((row) => row.map(String));
  const widths = texts.reduce<number[]>((widest, row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)), []);
  return texts.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}

function section(title: string, lines: readonly string[], reason: string | null): string[] {
  return ['', title, ...(lines.length > 0 ? lines : [`  ${reason ?? 'none'}`])];
}

const pairs = (values: Record<string, unknown> | null): string[] =>
  values ? aligned(Object.entries(values).map(([name, value]) => [name, String(value ?? '–')])) : [];

const unread = 'The agent does not read it.';

/** The indirection table as `ethtool -x` prints it: eight places a line. */
function spreading(rss: { indirection: number[]; key: string | null; hashFunction: string | null } | null): string[] {
  if (!rss) return [];
  const lines = Array.from({ length: Math.ceil(rss.indirection.length / 8) }, (_, line) => rss.indirection.slice(line * 8, line * 8 + 8));
  return [
    ...aligned([
      ['hash', rss.hashFunction ?? '–'],
      ['key', rss.key ?? '–'],
    ]),
    ...aligned(lines.map((queues, line) => [`${line * 8}:`, ...queues])),
  ];
}

/** The document as text, ending in a newline. */
export function observationText({ device, observation, interrupts }: ObservationDocument): string {
  const {
    queues,
    napis,
    queueStatistics,
    ethtoolStatistics,
    rings,
    channels,
    coalesce,
    link,
    rss,
    byteQueueLimits,
    pagePools,
    driverInformation,
    pcie,
  } = observation;
  const queueRows = queues.items.map(({ kind, id, napiId }) => {
    const napi = napis.items.find((one) => one.id === napiId);
    return [`${kind} ${id}`, napiId ?? '–', napi?.irq ?? '–'];
  });
  const counts = queueStatistics.items.map(({ kind, id, values }) => [
    `${kind} ${id}`,
    Object.entries(values)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  ]);
  const { msiVectors, aer, ...place } = pcie;
  return `${[
    `${device.pciAddress}  ${device.driver ?? 'no driver'}  ${device.interface ?? ''}  ${device.mac ?? ''}`.trimEnd(),
    ...section('Link', pairs(link.values), link.reason),
    ...section('Queues', queueRows.length > 0 ? aligned([['queue', 'NAPI', 'IRQ'], ...queueRows]) : [], queues.reason),
    ...section('Queue statistics', aligned(counts), queueStatistics.reason),
    ...section('Interrupts', aligned(interrupts.map(({ irq, name, perCpu }) => [irq, name, ...perCpu])), null),
    ...section('Rings', pairs(rings.values), rings.reason),
    ...section('Channels', pairs(channels.values), channels.reason),
    ...section('Coalescing', pairs(coalesce.values), coalesce.reason),
    ...section('RSS', spreading(rss?.values ?? null), rss ? rss.reason : unread),
    ...section(
      'Byte queue limits',
      aligned((byteQueueLimits?.items ?? []).map(({ id, limit, inflight }) => [`tx ${id}`, `limit ${limit}`, `in flight ${inflight}`])),
      byteQueueLimits ? byteQueueLimits.reason : unread,
    ),
    ...section(
      'Page pools',
      aligned(
        (pagePools?.items ?? []).map(({ id, napiId, inflight, values }) => [
          `pool ${id}`,
          `NAPI ${napiId ?? '–'}`,
          `in flight ${inflight ?? '–'}`,
          Object.entries(values)
            .map(([name, value]) => `${name} ${value}`)
            .join(', '),
        ]),
      ),
      pagePools ? pagePools.reason : unread,
    ),
    ...section('Driver', pairs({ ...driverInformation?.values }), driverInformation ? driverInformation.reason : unread),
    ...section('PCIe', pairs({ ...place, msiVectors: msiVectors.join(' '), ...aer }), null),
    ...section('Driver statistics', aligned(ethtoolStatistics.items.map(({ name, value }) => [name, value])), ethtoolStatistics.reason),
  ].join('\n')}\n`;
}
