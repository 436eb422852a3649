// A main process with a page on it and an agent that is live: where the benchmarks that need no guest begin.

import { talkingAgent } from '../../support/fake-target.ts';
import { loadedDevice } from '../../support/queue-load.ts';
import { devicesEvent, moduleEvent } from '../../support/wire-payloads.ts';
import { MainHost } from './host/main-host.ts';
import { type OpenPage, openPage } from './page.ts';

/** Runs `measure` on both and ends them. The agent tells a device with eight queue pairs. */
export async function onLivePage<T>(measure: (host: MainHost, page: OpenPage) => Promise<T>): Promise<T> {
  await using host = await MainHost.start(talkingAgent());
  await using opened = await openPage(host.address);
  await opened.page.waitForFunction(() => document.documentElement.dataset.phase === 'live');
  host.agent.tell(moduleEvent('live'));
  host.agent.tell(devicesEvent([loadedDevice]));
  return await measure(host, opened);
}

/** Calls back at a steady rate until it is stopped; a turn that was missed is made up for. */
export function steadily(hz: number, turn: (index: number) => void): { stop(): number } {
  const begun = performance.now();
  let index = 0;
  const timer = setInterval(
    () => {
      const due = Math.floor(((performance.now() - begun) * hz) / 1000);
      for (; index < due; index += 1) turn(index);
    },
    Math.max(1, 500 / hz),
  );
  return {
    stop: () => {
      clearInterval(timer);
      return index;
    },
  };
}

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
