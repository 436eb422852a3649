// The panels that tell what happened, on the real guest: kernel log, statistics, traffic, terminal, alerts, autopsy, what observing costs, the report, the doctor.
import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { askGuest } from '../support/guest-answer.ts';
import { typeInGuest } from '../support/guest-command.ts';
import { inBothShells } from '../support/in-both-shells.ts';
import { AlertsPage } from '../support/panels/alerts.ts';
import { AutopsyPage } from '../support/panels/autopsy.ts';
import { Dialogs } from '../support/panels/dialogs.ts';
import { DoctorPage } from '../support/panels/doctor.ts';
import { KernelLogPage } from '../support/panels/kernel-log.ts';
import { limit, numberIn } from '../support/panels/panel-page.ts';
import { RegistersPage } from '../support/panels/registers.ts';
import { StatisticsPage } from '../support/panels/statistics.ts';
import { TerminalPage } from '../support/panels/terminal.ts';
import { TimePage } from '../support/panels/time.ts';
import { TrafficPage } from '../support/panels/traffic.ts';

inBothShells((opened) => {
  const guest = (command: string) => askGuest(opened().application.runtimeDirectory, command);

  test('a mark is written into the kernel log, and its line leads every chart to that instant', async () => {
    const { window } = opened();
    const words = `here it was, ${process.pid}`;
    const traffic = await new TrafficPage(window).show();
    await traffic.mark(words);
    const log = await new KernelLogPage(window).show();
    const line = log.line(words).first();
    await line.waitFor(limit);
    // Both panels of charts are in sight: interrupts, and statistics.
    await new StatisticsPage(window).show();
    await line.click();
    const time = new TimePage(window);
    await expect.poll(() => time.chosenMarks.count(), limit).toBeGreaterThan(2);
    const atSeconds = numberIn(await line.locator('.time').textContent());
    await expect.poll(() => time.instant(), limit).toBeCloseTo(atSeconds, 2);
    expect(await line.getAttribute('data-chosen')).toBe('true');
    await time.strip.focus();
    await window.page.keyboard.press('Escape');
    await expect.poll(() => time.chosenMarks.count(), limit).toBe(0);
  });

  test('the log’s filter leaves the lines that were asked for', async () => {
    const log = await new KernelLogPage(opened().window).show();
    await log.filter('link up, 1000');
    await expect.poll(() => log.count(), limit).toMatch(/^\d+ of /);
    await log.line('link up, 1000 Mb/s').first().waitFor(limit);
    await log.filter('');
    await expect.poll(() => log.count(), limit).not.toMatch(/ of /);
  });

  test('two marks show what changed in between', async () => {
    const statistics = await new StatisticsPage(opened().window).show();
    await statistics.press('Set mark A');
    const before = await statistics.value('RX packets');
    await expect.poll(() => statistics.value('RX packets'), limit).toBeGreaterThan(before + 1000);
    await statistics.press('Set mark B');
    await statistics.press('A → B');
    const row = statistics.compared('RX packets');
    await row.waitFor(limit);
    const [atA, atB, change] = (await row.locator('td.number').allTextContents()).map((text) => numberIn(text));
    expect(atB).toBeGreaterThan(atA ?? 0);
    expect(change).toBe((atB ?? 0) - (atA ?? 0));
    await statistics.press('A → B');
    await statistics.row('RX packets').waitFor(limit);
  });

  test('any counter is charted when that is asked for', async () => {
    const statistics = await new StatisticsPage(opened().window).show();
    await statistics.filter('RX bytes');
    await statistics.region.getByRole('button', { name: 'Chart RX bytes', exact: true }).click();
    const chart = statistics.region.getByRole('img', { name: /^Bytes: RX bytes/ });
    await chart.waitFor(limit);
    await expect.poll(() => chart.getAttribute('aria-label'), limit).toMatch(/RX bytes \d/);
    await statistics.region.getByRole('button', { name: 'Chart RX bytes', exact: true }).click();
    await chart.waitFor({ state: 'detached', ...limit });
    await statistics.filter('');
  });

  test('traffic takes another rate, stops and starts, and the counters follow', async () => {
    const { window } = opened();
    const traffic = await new TrafficPage(window).show();
    await traffic.set('Frames/s', 500);
    await traffic.set('Bytes', 800);
    await traffic.press('Apply');
    const sent = await traffic.sent();
    await expect.poll(() => traffic.sent(), limit).not.toBe(sent);
    await traffic.press('Stop');
    await expect.poll(() => traffic.state(), limit).not.toMatch(/ sent by /);
    const statistics = await new StatisticsPage(window).show();
    // What is still under way is counted; then nothing is any more.
    const packets = async () => numberIn(await guest('cat /sys/class/net/eth0/statistics/rx_packets'));
    let last = Number.NaN;
    const hasStopped = async () => {
      const before = last;
      last = await packets();
      return last === before;
    };
    await expect.poll(hasStopped, limit).toBe(true);
    const still = await packets();
    await traffic.show();
    await traffic.press('Start');
    await expect.poll(() => traffic.state(), limit).toMatch(/ sent by /);
    await statistics.show();
    await expect.poll(() => packets(), limit).toBeGreaterThan(still + 100);
  });

  test('the terminal’s first tab is the guest’s console, and it answers', async () => {
    const { window } = opened();
    await window.press('Terminal');
    const terminal = new TerminalPage(window);
    await terminal.chooseTab('Guest console');
    await terminal.type('echo "guest: $((6*7))"');
    await terminal.shows('guest: 42');
    await window.press('Inspect');
  });

  test('a link that comes and goes raises an alert with its evidence, which leads to the moment', async () => {
    const { window } = opened();
    const timesUp = async () => Number(/times=(\d+)/.exec(await guest(`echo "times=$(dmesg | grep -c 'eth0: link up')"`))?.[1]);
    // Negotiating anew takes the link down for a moment.
    for (let flap = 0; flap < 3; flap += 1) {
      const before = await timesUp();
      await guest('/usr/sbin/ethtool -r eth0');
      await expect.poll(timesUp, limit).toBeGreaterThan(before);
    }
    await window.press('Alerts');
    const alerts = new AlertsPage(window);
    const alert = alerts.of('link-flap').first();
    await alert.waitFor(limit);
    await alerts.open(alert);
    await alert.getByRole('table', { name: 'Evidence' }).getByText('down').first().waitFor(limit);
    const since = numberIn(await alert.locator('.summary .number').textContent());
    await alert.getByRole('button', { name: 'Show the moment' }).click();
    const time = new TimePage(window);
    await expect.poll(() => time.instant(), limit).toBeCloseTo(since, 1);
    await alert.getByRole('button', { name: 'Acknowledge', exact: true }).click();
    await alert.getByRole('button', { name: 'Acknowledged', exact: true }).waitFor(limit);
    await window.press('Inspect');
    // The moment is left again.
    if (await time.pausedAt.isVisible()) await time.goOn();
    await time.strip.focus();
    await window.page.keyboard.press('End');
  });

  test('rules are judged in the window', async () => {
    const { window } = opened();
    await window.press('Alerts');
    const alerts = new AlertsPage(window);
    await alerts.press('Paste…');
    await alerts.region.getByLabel('Rules as JSON').fill('{"rules": [{"rule": "link-stable", "up": true}]}');
    await alerts.press('Use these rules');
    await alerts.outcomes.filter({ hasText: 'holds' }).first().waitFor(limit);
    await alerts.press('Remove');
    await window.press('Inspect');
  });

  test('a keystroke makes an autopsy of the chosen queue', async () => {
    const { window } = opened();
    await window.panel('Queues').focus();
    await window.page.keyboard.press('a');
    const autopsy = new AutopsyPage(window);
    await autopsy.document.waitFor(limit);
    await autopsy.likelyCause.waitFor(limit);
    await autopsy.document.getByText(/RX queue 0: 256 descriptors/i).waitFor(limit);
    expect(await autopsy.document.textContent()).toContain('driver rigb');
    await window.press('Inspect');
  });

  test('a transmit engine that was switched off behind the driver’s back is named as the cause', async () => {
    const { application, window } = opened();
    const registers = await new RegistersPage(window).show();
    await registers.search('TCTL');
    await registers.row('TCTL').waitFor(limit);
    await registers.open('TCTL');
    await registers.list.getByRole('button', { name: 'Write TCTL', exact: true }).click();
    await registers.question.getByLabel('New value', { exact: true }).fill('0');
    await typeInGuest(application.runtimeDirectory, '/usr/bin/ping -q -f 192.0.2.2 > /dev/null 2>&1 &');
    await registers.question.getByRole('button', { name: /^Write 0x/ }).click();
    await registers.question.waitFor({ state: 'detached', ...limit });
    await registers.search('');
    // The queues are in sight, so that their rings are read.
    await window.page.locator('[data-testid="alert-count"][title*="is stuck"]').waitFor(limit);
    await window.press('Alerts');
    const autopsy = new AutopsyPage(window);
    await autopsy.likelyCause.getByText('Likely cause: The card’s engine is off').waitFor(limit);
    await autopsy.likelyCause.getByText('certain', { exact: true }).waitFor(limit);
    await autopsy.likelyCause.getByText(/TCTL/).first().waitFor(limit);
    await new AlertsPage(window).of('queue-stuck').first().waitFor(limit);
    await typeInGuest(application.runtimeDirectory, 'killall ping');
    // A driver that is loaded anew has a card that sends.
    await window.press('Unload driver');
    await expect.poll(() => window.moduleState(), limit).toBe('absent');
    await window.press('Load driver');
    await expect.poll(() => window.moduleState(), limit).toBe('live');
    await window.press('Inspect');
  });

  test('what observing costs is shown, and a budget that it exceeds slows it down', async () => {
    const { window } = opened();
    const dialogs = new Dialogs(window);
    await dialogs.cost.getByText(/^observer \d+\.\d+ % CPU, \d+ MMIO reads\/s, \d+ lost/).waitFor(limit);
    const explanation = await dialogs.openCost();
    const budget = explanation.getByLabel('Budget in per cent of one core');
    await budget.fill('0.1');
    await dialogs.cost.getByText(/slowed to \d+ % of the rates/).waitFor(limit);
    await explanation.getByRole('checkbox').uncheck();
    await dialogs.cost.getByText(/slowed to/).waitFor({ state: 'detached', ...limit });
    await explanation.getByRole('checkbox').check();
    await window.page.keyboard.press('Escape');
    await explanation.waitFor({ state: 'detached' });
  });

  test('the report names kernel, driver and log, as text and as JSON', async () => {
    const { window } = opened();
    const release = await guest('uname -r');
    const report = await new Dialogs(window).openReport();
    const text = (await report.getByRole('region', { name: 'Text of the report' }).textContent()) ?? '';
    for (const words of [release, 'rigb', '8086:10c9', 'releasing the port']) expect(text).toContain(words);
    // Addresses leave only when that is asked for.
    expect(text).not.toContain('52:54:00:00:00:01');
    const saved = async (button: string) => {
      const download = window.page.waitForEvent('download');
      await report.getByRole('button', { name: button }).click();
      return readFileSync(await (await download).path(), 'utf8');
    };
    expect(await saved('Save text')).toBe(text);
    const json = JSON.stringify(JSON.parse(await saved('Save JSON')));
    for (const words of [release, 'rigb', 'releasing the port']) expect(json).toContain(words);
    await window.page.keyboard.press('Escape');
    await report.waitFor({ state: 'detached' });
  });

  test('the doctor gives a command for each thing that keeps the driver away', async () => {
    const { window } = opened();
    await window.press('Doctor');
    const doctor = new DoctorPage(window);
    await doctor.check('kernel').waitFor(limit);
    const failing: Locator = doctor.region.locator('[data-check][data-state="fail"]');
    for (const check of await failing.all()) expect((await check.textContent()) ?? '').not.toBe('');
    expect((await doctor.states()).length).toBeGreaterThan(10);
    const before = await doctor.checkedAt();
    await doctor.press('Check again');
    await expect.poll(() => doctor.checkedAt(), limit).not.toBe(before);
    await window.press('Inspect');
  });
});
