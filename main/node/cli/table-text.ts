// The document for people: the same numbers as lines of text.
import type { SnapshotDocument } from '#common/snapshot-document.ts';

const newestLogLines = 20;

function aligned(rows: readonly (readonly (string | number)[])[]): string[] {
  const texts = rows.map((row) => row.map(String));
  const widths = texts.reduce<number[]>((widest, row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)), []);
  return texts.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}

function stateCounts({ descriptors }: SnapshotDocument['queues'][number]): number[] {
  return (['hardware', 'done', 'free', 'error'] as const).map((wanted) => descriptors.filter(({ state }) => state === wanted).length);
}

/** The document as text, ending in a newline. Descriptors are counted by who owns them; `--json` has each. */
export function tableText(document: SnapshotDocument): string {
  const { device, link, module, statistics, interrupts, queues, log, dropped } = document;
  const speed = link.speedMbps === null ? '' : `, ${link.speedMbps} Mbit/s`;
  const duplex = link.duplex === null ? '' : `, ${link.duplex} duplex`;
  const cpus = interrupts[0]?.perCpu.map((_, cpu) => `CPU${cpu}`) ?? [];
  const lines = [
    `${device.interface}  ${device.pciAddress}  ${device.driver}  ${device.mac ?? ''}`.trimEnd(),
    `link ${link.up ? 'up' : 'down'}${speed}${duplex}; module ${module.name} ${module.version ?? ''} ${module.state}`.replace(
      / {2,}/g,
      ' ',
    ),
    '',
    'Statistics',
    ...aligned(Object.entries(statistics)),
    '',
    'Interrupts',
    ...aligned([['vector', 'irq', 'name', ...cpus], ...interrupts.map(({ vector, irq, name, perCpu }) => [vector, irq, name, ...perCpu])]),
    '',
    'Queues',
    ...aligned([
      ['queue', 'size', 'head', 'tail', 'next to use', 'next to clean', 'hardware', 'done', 'free', 'error'],
      ...queues.map((queue) => [
        `${queue.kind} ${queue.index}`,
        ...[queue.size, queue.head, queue.tail, queue.nextToUse, queue.nextToClean, ...stateCounts(queue)],
      ]),
    ]),
    '',
    `Kernel log (newest ${Math.min(newestLogLines, log.length)} of ${log.length}; ${dropped} records or frames lost)`,
    ...log.slice(-newestLogLines).map(({ timeUs, text }) => `  [${(timeUs / 1e6).toFixed(6).padStart(12)}] ${text}`),
  ];
  return `${lines.join('\n')}\n`;
}
