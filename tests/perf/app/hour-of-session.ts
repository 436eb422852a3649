// Row: what an hour of a session at full rate adds to the memory of window and main process. Its messages are a recorded session's, told again and again with their times moved on.
import { streams } from '#common/frame.ts';
import type { RecordedMessage } from '../../../main/node/recording/recording-reader.ts';
import { WireAgent } from '../../support/wire-agent.ts';
import { later, recordedMessages } from '../long-recording.ts';
import { MainHost } from './host/main-host.ts';
import { wait } from './live-page.ts';
import { type OpenPage, openPage } from './page.ts';
import type { BenchRow } from './row.ts';

const samplesPerSecond = 10;
/** The session is new for so long: what it needs once is there after it. */
const beginningSeconds = 60;
const hourSeconds = 3600;
/** From one look at the memory to the next, by the session's time. */
const lookSeconds = 300;
/** A machine that has not told the hour after so long tells no more of it. */
const limitMs = 320_000;
/** Everything that is kept for minutes is full after so long: less says nothing of an hour. */
const leastSeconds = 1200;
const second = 1_000_000_000n;
/** A page that has not painted for so long has nothing left to paint. */
const patienceMs = 5000;

const typeOf = ({ channel, payload }: RecordedMessage): string =>
  channel === streams.control ? (JSON.parse(Buffer.from(payload).toString()) as { type: string }).type : '';

/** What the recorded agent said once (its greeting, the driver, the table), and what it went on to say. */
export function partsOf(told: readonly RecordedMessage[]): { greeting: RecordedMessage[]; goingOn: RecordedMessage[] } {
  const once = new Set(['hello', 'module', 'devices', 'table', 'target']);
  const end = told.findLastIndex((message) => once.has(typeOf(message))) + 1;
  const before = told.slice(0, end).filter((message) => message.channel === streams.control && typeOf(message) !== 'target');
  // The session's own: an agent sends no console.
  return { greeting: before, goingOn: told.slice(end).filter(({ channel }) => channel !== streams.console) };
}

/** An agent that greets as the recorded one did. */
function recordedAgent(greeting: readonly RecordedMessage[]): WireAgent {
  const agent = new WireAgent();
  agent.beforeReply = ({ verb }) => {
    if (verb === 'hello') for (const { payload } of greeting) agent.send(streams.control, payload);
  };
  return agent;
}

/** What was used at an instant of the session, in MB. */
export interface Memory {
  readonly seconds: number;
  readonly page: number;
  readonly main: number;
}

async function memory(host: MainHost, opened: OpenPage, seconds: number): Promise<Memory> {
  // What was painted last lets go of what was before it.
  await wait(500);
  await host.ask('collect');
  const { residentBytes } = await host.ask('collect');
  return { seconds, page: (await opened.heapBytes()) / 1e6, main: residentBytes / 1e6 };
}

const difference = (after: Memory, before: Memory) => after.page - before.page + after.main - before.main;

/**
 * What an hour adds, in MB, from looks at the memory in the order of time: the last less the first, and for what is left of the hour as much a second as in
 * the second half of it. Null for fewer than three looks.
 */
export function hourAdds(
  looks: readonly Memory[],
): { readonly whole: number; readonly secondHalf: number; readonly seconds: number } | null {
  const [first, last] = [looks[0], looks.at(-1)];
  if (!first || !last || looks.length < 3) return null;
  const seconds = last.seconds - first.seconds;
  const middle = looks.find((look) => look.seconds - first.seconds >= seconds / 2) ?? last;
  const secondHalf = difference(last, middle);
  const rest = Math.max(0, hourSeconds - seconds) * Math.max(0, secondHalf / (last.seconds - middle.seconds));
  return { whole: difference(last, first) + (last === middle ? 0 : rest), secondHalf, seconds };
}

export const hourOfSession: BenchRow = {
  id: 'hour',
  goals: [{ row: 'an hour of session adds to heap of the page and main process', unit: 'MB', goal: 50, bound: 'below' }],
  async measure({ isHour, progress }) {
    const { told } = await recordedMessages();
    const { greeting, goingOn } = partsOf(told);
    const [first, last] = [goingOn[0], goingOn.at(-1)];
    if (!first || !last) throw new Error('The recorded session ends with its greeting.');
    const roundNs = last.timeNs - first.timeNs + second / BigInt(samplesPerSecond);
    const agent = recordedAgent(greeting);
    await using host = await MainHost.start(agent);
    // Faster than real time the screen's pace would be the limit, and then what there is to paint: a small window keeps as much as a large one.
    await using opened = await openPage(host.address, ...(isHour ? [] : ['--disable-frame-rate-limit', '--disable-gpu-vsync']));
    if (!isHour) await opened.page.setViewportSize({ width: 640, height: 360 });
    await opened.page.waitForFunction(() => document.documentElement.dataset.phase === 'live');
    const begun = performance.now();
    const begunNs = first.timeNs;
    const sent = new Map<number, number>();
    // Samples that the page will not paint, because newer ones took their place.
    let replaced = 0;
    /** Says what comes next, as soon as the page has painted all but the newest of the samples before; what comes between two samples is painted with them. */
    async function* session(): AsyncGenerator<number> {
      for (let round = 0n; ; round += 1n) {
        for (const message of goingOn) {
          const { channel } = message;
          const passed = Number(message.timeNs - begunNs + round * roundNs) / 1e9;
          if (isHour) await wait(Math.max(0, begun + passed * 1000 - performance.now()));
          else if (channel === streams.sample) {
            const wanted = (sent.get(channel) ?? 0) - 1 - replaced;
            if (!(await host.untilPainted(channel, wanted, patienceMs))) replaced = wanted + replaced - (host.painted.get(channel) ?? 0);
          }
          agent.send(channel as never, later(message, round * roundNs, round * 1000n));
          sent.set(channel, (sent.get(channel) ?? 0) + 1);
          yield passed;
        }
      }
    }
    const looks: Memory[] = [];
    for await (const passed of session()) {
      const isLate = !isHour && performance.now() - begun > limitMs;
      const isEnd = isLate || passed >= beginningSeconds + hourSeconds;
      if (passed < beginningSeconds + looks.length * lookSeconds && !isEnd) continue;
      const look = await memory(host, opened, passed);
      looks.push(look);
      progress(
        `${(passed / 60).toFixed(0)} minutes of session after ${((performance.now() - begun) / 1000).toFixed(0)} s: page ${look.page.toFixed(1)} MB, main process ${look.main.toFixed(1)} MB`,
      );
      if (isEnd) break;
    }
    const adds = hourAdds(looks);
    const [before, after] = [looks[0], looks.at(-1)];
    if (!adds || !before || !after) throw new Error('The machine was too slow for ten minutes of session in five of its own.');
    const samples = sent.get(streams.sample) ?? 0;
    const painted = host.painted.get(streams.sample) ?? 0;
    const isWhole = painted >= samples * 0.99 && adds.seconds >= leastSeconds;
    const minutes = (adds.seconds / 60).toFixed(0);
    const tookSeconds = ((performance.now() - begun) / 1000).toFixed(0);
    const pace = isHour ? 'in real time' : `${minutes} minutes of real recorded messages, told in ${tookSeconds} s to a small window`;
    const rest =
      adds.seconds < hourSeconds - 1 ? `; the machine told no more of the hour, whose rest counts at the pace of the second half` : '';
    return {
      values: [adds.whole],
      isInvalid: !isWhole,
      note: `${pace}: ${samples} samples (${painted} painted), ${sent.get(streams.ring) ?? 0} ring and ${sent.get(streams.vectors) ?? 0} vector snapshots; page ${before.page.toFixed(1)} → ${after.page.toFixed(1)} MB, main process ${before.main.toFixed(1)} → ${after.main.toFixed(1)} MB; the second half of it adds ${adds.secondHalf.toFixed(1)} MB${rest}`,
    };
  },
};
