// The application's main process with the web shell, as `out/main/web.js` is it, but for its target: a benchmark's socket stands in the place of a guest.
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { FrameDecoder, streams } from '#common/frame.ts';
import type { Transport } from '#common/transport.ts';
import { readPageFiles } from '../../../../main/node/page-files.ts';
import { startSession } from '../../../../main/node/session/start-session.ts';
import { runWebApplication } from '../../../../main/web/application.ts';
import type { Figures, Painted, Question } from './figures.ts';
import { SocketTarget } from './socket-target.ts';

const [socketPath = '', page = ''] = process.argv.slice(2);

const say = (message: Figures | Painted) => void process.send?.(message);

/** Tells the benchmark what a page acknowledges. */
function overheard(transport: Transport): Transport {
  const decoder = new FrameDecoder();
  transport.onFrame((bytes) => {
    for (const event of decoder.push(bytes)) {
      if (event.type !== 'frame' || event.frame.stream !== streams.control) continue;
      const { verb, arguments: args } = JSON.parse(Buffer.from(event.frame.payload).toString()) as {
        verb: string;
        arguments: { stream: number; sequence: number };
      };
      if (verb === 'acknowledge') say({ type: 'painted', stream: args.stream, frames: args.sequence + 1 });
    }
  });
  return transport;
}

const target = new SocketTarget(socketPath);
const lab = await startSession('bench', () => target);
const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();

const application = await runWebApplication({
  lab: { session: { attach: (transport) => lab.session.attach(overheard(transport)) }, close: () => lab.close() },
  files: await readPageFiles(join(page)),
  port: 0,
  browser: { path: null, reason: null },
  openWindow: () => {
    throw new Error('The benchmark opens the page by itself.');
  },
  print: (line) => void process.stdout.write(`${line}\n`),
});

function figures(): Figures {
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const ms = (ns: number) => ns / 1e6;
  return {
    type: 'figures',
    residentBytes: rss,
    heapBytes: heapUsed + arrayBuffers,
    delayMs: { median: ms(delays.percentile(50)), p99: ms(delays.percentile(99)), most: ms(delays.max), count: delays.count },
    cpuMs: (user + system) / 1000,
    receivedBytes: target.receivedBytes,
  };
}

process.on('message', ({ type }: Question) => {
  if (type === 'restart') delays.reset();
  if (type === 'collect') (globalThis as { gc?: () => void }).gc?.();
  say(figures());
});
process.once('disconnect', () => application.end());
await application.ended;
