// What stands in the window when something is missing: it says what, why, and the one action that helps, and is as readable as the rest. No guest is needed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PageOnSession } from '../support/page-on-session.ts';
import { visualFaults } from '../support/visual-faults.ts';
import { devicesEvent, moduleEvent } from '../support/wire-payloads.ts';

let shown: PageOnSession;
beforeAll(async () => {
  shown = await PageOnSession.open();
});
afterAll(() => shown?.[Symbol.asyncDispose]());

async function phase(name: string): Promise<void> {
  await shown.page.waitForFunction((wanted) => document.documentElement.dataset.phase === wanted, name);
}

/** Faults in both themes. */
async function faults(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const theme of ['light', 'dark'] as const) {
    await shown.page.emulateMedia({ colorScheme: theme });
    await shown.page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme);
    found.push(...(await visualFaults(shown.page)).map((fault) => `${theme}: ${fault}`));
  }
  return found;
}

const button = (name: string) => shown.page.getByRole('main').getByRole('button', { name, exact: true }).first();

describe.sequential('the window', () => {
  test('with a driver that is not loaded offers to load it', async () => {
    await phase('live');
    shown.agent.tell(moduleEvent('absent'));
    shown.agent.tell(devicesEvent([]));
    await button('Load the driver').waitFor();
    expect(await faults()).toEqual([]);
  });

  test('with an agent that ended says so, and shows what was last seen as such', async () => {
    shown.target.show({
      phase: 'connecting',
      step: 'The agent ended; another one is started',
      lastConsoleLines: ['ringscope-agent: killed'],
    });
    await shown.page.getByText('The agent ended; another one is started').waitFor();
    await shown.page.getByRole('banner').locator('.stale').waitFor();
    expect(await faults()).toEqual([]);
  });

  test('with a guest that crashed shows its last words to their end, and restarts it', async () => {
    const lines = Array.from({ length: 40 }, (_, at) => `[   31.${String(at).padStart(6, '0')}] Call Trace: line ${at}`);
    const reason = {
      title: 'The guest crashed',
      detail: 'Kernel panic - not syncing: Fatal exception in interrupt',
      remedy: 'Restart the lab.',
    };
    shown.target.show({ phase: 'failed', reason, lastConsoleLines: lines });
    await button('Restart the lab').waitFor();
    const place = shown.page.getByRole('figure', { name: 'Last console lines' }).locator('pre');
    const isEndSeen = await place.evaluate((element) => {
      const end = document.createRange();
      end.selectNodeContents(element);
      end.setStart(end.endContainer.lastChild ?? element, (end.endContainer.lastChild?.textContent ?? '').length - 1);
      return element.scrollHeight > element.clientHeight && end.getBoundingClientRect().bottom <= element.getBoundingClientRect().bottom;
    });
    expect(isEndSeen).toBe(true);
    expect(await faults()).toEqual([]);
  });

  test('with a lab that was stopped offers to start it', async () => {
    shown.target.show({ phase: 'stopped', reason: null, lastConsoleLines: [] });
    await button('Start the lab').waitFor();
    expect(await faults()).toEqual([]);
  });
});
