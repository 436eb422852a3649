// Row: 100,000 kernel lines a second for ten seconds, from the agent's pipe to the history of the window. What is not in it must stand in it as lost.
import { streams } from '#common/frame.ts';
import { logLinesPayload } from '../../support/log-lines.ts';
import { onLivePage, steadily, wait } from './live-page.ts';
import type { BenchRow } from './row.ts';
import { windowModel } from './window-model.ts';

const linesPerSecond = 100_000;
const linesPerBatch = 500;
const seconds = 10;
const lines = linesPerSecond * seconds;

/** As long as a kernel's lines usually are. */
const text = (sequence: number) =>
  `rigb 0000:01:00.0 eth0: transmit queue 0: next_to_use ${sequence % 4096}, next_to_clean 96 #${sequence}`;

export const logFlood: BenchRow = {
  id: 'log-flood',
  goals: [{ row: '100,000 kernel lines/s for 10 s: lines that vanished uncounted', unit: '', goal: 0, bound: 'most' }],
  measure: ({ progress }) =>
    onLivePage(async (host, { page }) => {
      const model = await windowModel(page);
      // Made before, so that the sender takes no time from what is measured.
      const batches = Array.from({ length: lines / linesPerBatch }, (_, batch) =>
        logLinesPayload(
          batch * linesPerBatch,
          Array.from({ length: linesPerBatch }, (_line, index) => ({
            text: text(batch * linesPerBatch + index),
            device: '+pci:0000:01:00.0',
          })),
        ),
      );
      progress(`${lines} lines are made`);
      const before = await host.ask('restart');
      const begun = performance.now();
      const sender = steadily(linesPerSecond / linesPerBatch, (index) => {
        const batch = batches[index];
        if (batch) host.agent.send(streams.log, batch);
      });
      // Whatever the window shows last is the last line, or nothing follows any more.
      const newest = () => model.evaluate(({ log }) => log.row(log.endNumber - 1));
      const isLast = async () => {
        const row = await newest();
        return row?.type === 'record' && row.text.endsWith(`#${lines - 1}`);
      };
      const limit = begun + 60_000;
      while (!(await isLast())) {
        if (performance.now() > limit)
          throw new Error(`The last line did not come within a minute; the newest row is ${JSON.stringify(await newest())}`);
        await wait(50);
      }
      const shownAfter = (performance.now() - begun) / 1000;
      sender.stop();
      const after = await host.ask('figures');
      const { records, lost, trimmed } = await model.evaluate(({ log }) => {
        const counted = { records: 0, lost: 0, trimmed: log.trimmedRows };
        for (let number = log.firstNumber; number < log.endNumber; number += 1) {
          const row = log.row(number);
          if (row?.type === 'lost') counted.lost += row.records;
          else if (row) counted.records += 1;
        }
        return counted;
      });
      const cpu = ((after.cpuMs - before.cpuMs) / shownAfter / 10).toFixed(0);
      return {
        values: [Math.abs(lines - records - lost - trimmed)],
        isInvalid: shownAfter > seconds * 1.5,
        note: `${records + trimmed} arrived, ${lost} are counted as lost where they are missing; the last line was there after ${shownAfter.toFixed(1)} s; main process ${cpu} % of a core, its event loop ${after.delayMs.p99.toFixed(1)} ms p99`,
      };
    }),
};
