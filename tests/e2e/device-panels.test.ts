// The panels about the card itself, on the real guest: overview, queues, descriptors, interrupts, registers. What is set in the window is read back in the guest.
import { expect, test } from 'vitest';
import { askGuest, askGuestUntil } from '../support/guest-answer.ts';
import { inBothShells } from '../support/in-both-shells.ts';
import { DescriptorsPage } from '../support/panels/descriptors.ts';
import { InterruptsPage } from '../support/panels/interrupts.ts';
import { OverviewPage } from '../support/panels/overview.ts';
import { coloursOf, limit, pictureOf } from '../support/panels/panel-page.ts';
import { QueuesPage } from '../support/panels/queues.ts';
import { RegistersPage } from '../support/panels/registers.ts';
import { TimePage } from '../support/panels/time.ts';

const card = '0000:01:00.0';
const vectorName = 'rigb-TxRx-0';

inBothShells((opened) => {
  const guest = (command: string) => askGuest(opened().application.runtimeDirectory, command);
  const guestUntil = (command: string, wanted: (answer: string) => boolean) =>
    askGuestUntil(opened().application.runtimeDirectory, command, wanted);

  test('the overview names the card’s driver, link, vectors, PCIe link and errors as the guest’s kernel has them', async () => {
    const overview = await new OverviewPage(opened().window).show();
    const row = overview.card(card);
    await row.waitFor(limit);
    expect(await row.getAttribute('data-driver')).toBe('rigb');
    await row.getByText('1000 Mb/s').waitFor(limit);
    const vectors = await guest(`ls /sys/bus/pci/devices/${card}/msi_irqs | wc -l`);
    await expect.poll(() => overview.fact(card, 'vectors'), limit).toBe(vectors);
    const width = await guest(`cat /sys/bus/pci/devices/${card}/current_link_width`);
    expect(await overview.fact(card, 'pcie')).toContain(`×${width}`);
    expect(await overview.fact(card, 'aer')).toMatch(/^\d+ · \d+ · \d+/);
    expect(await overview.nextStep.count()).toBe(0);
  });

  test('queues are ordered by any column, and the other way round', async () => {
    const queues = await new QueuesPage(opened().window).show();
    await expect.poll(async () => (await queues.order()).length, limit).toBeGreaterThan(1);
    const before = await queues.order();
    expect(await queues.sorting('Queue')).toBe('ascending');
    await queues.orderBy('Queue');
    expect(await queues.sorting('Queue')).toBe('descending');
    await expect.poll(() => queues.order(), limit).toEqual([...before].reverse());
    await queues.orderBy('Frames/s');
    expect(await queues.sorting('Queue')).toBe('none');
    expect(await queues.sorting('Frames/s')).toBe('descending');
    await queues.orderBy('Queue');
    await expect.poll(() => queues.order(), limit).toEqual(before);
  });

  test('the ring moves as the card fills it', async () => {
    const queues = await new QueuesPage(opened().window).show();
    await queues.ring.waitFor(limit);
    expect(await coloursOf(queues.ring)).toBeGreaterThan(2);
    const [picture, positions] = [await pictureOf(queues.ring), await queues.positions()];
    await expect.poll(() => pictureOf(queues.ring), limit).not.toBe(picture);
    await expect.poll(() => queues.positions(), limit).not.toBe(positions);
  });

  test('the RSS table leads where ethtool says', async () => {
    const queues = await new QueuesPage(opened().window).show();
    await expect.poll(async () => (await queues.rssTable()).length, limit).toBe(128);
    const shown = (await queues.rssTable()).map(Number);
    const told = await guest('/usr/sbin/ethtool -x eth0');
    const table = [...told.matchAll(/^\s*\d+:((?:\s+\d+)+)$/gm)].flatMap(([, row]) => (row ?? '').trim().split(/\s+/).map(Number));
    expect(shown).toEqual(table);
  });

  test('a descriptor’s raw bytes and its fields stand side by side, and a field lights its digits', async () => {
    const descriptors = await new DescriptorsPage(opened().window).show();
    await descriptors.choose(3);
    expect(await descriptors.raw(3)).toMatch(/^[0-9a-f]{32}$/);
    const digits = await descriptors.detail.getByTestId('raw-digits').boundingBox();
    const table = await descriptors.detail.getByRole('table').first().boundingBox();
    expect(digits && table).toBeTruthy();
    expect(await descriptors.fields.count()).toBeGreaterThan(1);
    expect(await descriptors.litDigits()).toEqual([]);
    await descriptors.fields.first().hover();
    await expect.poll(async () => (await descriptors.litDigits()).length, limit).toBeGreaterThan(0);
    const name = (await descriptors.fields.first().getAttribute('data-field')) ?? '';
    await descriptors.explained.getByText(name, { exact: true }).waitFor(limit);
    expect(await descriptors.explained.textContent()).toMatch(/§7\./);
    // And from the bytes to the field.
    await descriptors.detail.locator('[data-digit="0"]').hover();
    await expect.poll(() => descriptors.detail.locator('tr[data-lit="true"]').count(), limit).toBeGreaterThan(0);
  });

  test('a buffer’s bytes are shown to who agreed: the frame that the partner sent, layer by layer, each field lighting its bytes', async () => {
    const descriptors = await new DescriptorsPage(opened().window).show();
    const { bytes, question } = descriptors;
    await descriptors.choose(3);
    const ask = bytes.getByRole('button', { name: 'Show bytes…' });
    const dump = bytes.getByTestId('hex-dump');
    await ask.click();
    await question.getByText('Payload becomes visible:').waitFor(limit);
    await question.getByRole('button', { name: 'Leave it' }).click();
    await question.waitFor({ state: 'detached', ...limit });
    expect(await dump.count()).toBe(0);
    await ask.click();
    await question.getByRole('button', { name: 'Show bytes', exact: true }).click();
    await question.waitFor({ state: 'detached', ...limit });
    await expect.poll(async () => (await descriptors.look()).slice(0, 3), limit).toEqual(['Ethernet', 'IPv4', 'UDP']);
    const mac = (await guest('cat /sys/class/net/eth0/address')).replaceAll(':', ' ');
    expect(await descriptors.dumped(0)).toMatch(new RegExp(`^${mac} `));
    await bytes.getByRole('button', { name: 'UDP' }).click();
    const port = bytes.getByRole('row').filter({ has: bytes.page().getByRole('button', { name: 'Destination port', exact: true }) });
    await port.hover();
    // pktgen sends to port 9, which discards.
    await expect.poll(() => descriptors.dumped('lit'), limit).toBe('00 09');
    await bytes.locator('[data-at="0"] [data-part="digits"]').hover({ position: { x: 2, y: 4 } });
    await expect.poll(() => descriptors.dumped('lit'), limit).toBe(mac);
    await bytes.getByRole('button', { name: 'Hide bytes' }).click();
    await dump.waitFor({ state: 'detached', ...limit });
    await ask.waitFor(limit);
  });

  test('only descriptors of one owner are shown when that is asked for', async () => {
    const descriptors = await new DescriptorsPage(opened().window).show();
    await descriptors.filter('Owned');
    await expect.poll(async () => [...new Set(await descriptors.owners())], limit).toEqual(['hardware']);
    expect(await descriptors.shownCount()).toMatch(/^\d+ of \d+$/);
    await descriptors.filter('All');
    await expect.poll(() => descriptors.shownCount(), limit).toMatch(/^(\d+) of \1$/);
  });

  test('a frozen ring stands still, and one jumps to its head and tail', async () => {
    const descriptors = await new DescriptorsPage(opened().window).show();
    await descriptors.press('Freeze');
    await descriptors.button('Frozen: go on').waitFor(limit);
    await descriptors.press('Tail');
    await expect.poll(() => descriptors.chosen(), limit).not.toBe(3);
    const tail = await descriptors.chosen();
    await descriptors.press('Head');
    await expect.poll(() => descriptors.chosen(), limit).not.toBe(tail);
    const head = (await descriptors.chosen()) ?? 0;
    const held = await descriptors.raw(head);
    // The card goes on: head is elsewhere by the time that the queues say so.
    const queues = new QueuesPage(opened().window);
    await queues.show();
    const positions = await queues.positions();
    await expect.poll(() => queues.positions(), limit).not.toBe(positions);
    expect(await descriptors.chosen()).toBe(head);
    expect(await descriptors.raw(head)).toBe(held);
    await descriptors.press('Frozen: go on');
    await expect.poll(() => descriptors.raw(head), limit).not.toBe(held);
  });

  test('what differs from the snapshot before is marked, to the byte', async () => {
    const descriptors = await new DescriptorsPage(opened().window).show();
    await expect.poll(() => descriptors.region.locator('[data-changed="true"] .changed-bytes').count(), limit).toBeGreaterThan(0);
  });

  test('with the trace switched on a slot has a life with its instants, and its queue a histogram', async () => {
    const descriptors = await new DescriptorsPage(opened().window).show();
    await descriptors.choose(3);
    const { life } = descriptors;
    await life.getByRole('button', { name: 'Trace the driver’s events' }).click();
    const first = life
      .getByRole('list', { name: /^Last lives of this slot/ })
      .getByRole('button')
      .first();
    await first.waitFor(limit);
    await first.click();
    for (const instant of ['Posted', 'Announced (refill)', 'Seen done']) await life.getByText(instant, { exact: true }).waitFor(limit);
    const histogram = life.getByRole('figure', { name: 'RX 0: seen done to given back' });
    await histogram.getByRole('img', { name: /p50 .* p99 .* max / }).waitFor(limit);
  });

  test('the heat map moves, and a vector is chosen in it', async () => {
    const interrupts = await new InterruptsPage(opened().window).show();
    await interrupts.choose(vectorName);
    await interrupts.region.getByRole('region', { name: `Interrupt ${await interrupts.irq(vectorName)}` }).waitFor(limit);
    const total = () => interrupts.cell(vectorName, 'total');
    const before = await total();
    await expect.poll(total, limit).toBeGreaterThan(before);
    const rates = new Set<number>();
    await expect.poll(async () => rates.add(await interrupts.cell(vectorName, 'rate')).size, limit).toBeGreaterThan(1);
  });

  test('the CPU that serves a vector is changed in the window and so in the guest, and its interrupts follow', async () => {
    const interrupts = await new InterruptsPage(opened().window).show();
    await interrupts.choose(vectorName);
    const irq = await interrupts.irq(vectorName);
    const proc = `cat /proc/irq/${irq}/smp_affinity_list`;
    const editor = interrupts.affinity(irq);
    await editor.waitFor(limit);
    for (const [kept, left] of [
      [1, 0],
      [0, 1],
    ] as const) {
      for (const [cpu, wanted] of [
        [kept, 'true'],
        [left, 'false'],
      ] as const) {
        const button = editor.getByRole('button', { name: `CPU ${cpu}`, exact: true });
        if ((await button.getAttribute('aria-pressed')) !== wanted) await button.click();
      }
      await editor.getByRole('button', { name: 'Apply' }).click();
      await guestUntil(proc, (answer) => answer === String(kept));
      await editor.getByText(`sent to ${kept}`).waitFor(limit);
    }
  });

  test('moderation is changed in the window, and ethtool reads it back', async () => {
    const interrupts = await new InterruptsPage(opened().window).show();
    const form = interrupts.moderation;
    await form.waitFor(limit);
    const adaptive = form.getByRole('checkbox', { name: 'adaptive-rx' });
    if ((await adaptive.count()) > 0 && (await adaptive.isChecked())) await adaptive.uncheck();
    await form.getByLabel('rx-usecs').fill('77');
    await form.getByRole('button', { name: 'Apply' }).click();
    await guestUntil('/usr/sbin/ethtool -c eth0', (answer) => /^rx-usecs:\s+77$/m.test(answer));
    await expect.poll(() => form.getByLabel('rx-usecs').inputValue(), limit).toBe('77');
  });

  test('the time from interrupt to poll is a histogram once the events are on', async () => {
    const interrupts = await new InterruptsPage(opened().window).show();
    await interrupts.choose(vectorName);
    const start = interrupts.latency.getByRole('button', { name: 'Trace the driver’s events' });
    if ((await start.count()) > 0) await start.click();
    await interrupts.latency.getByRole('img', { name: /interrupt to poll: p50 .* p99 .* max / }).waitFor(limit);
    await interrupts.latency.getByRole('button', { name: 'Stop tracing' }).click();
    await start.waitFor(limit);
  });

  test('a register is found by its name, its offset and the meaning of a field', async () => {
    const registers = await new RegistersPage(opened().window).show();
    await registers.list.waitFor(limit);
    for (const words of ['FCTTV', '0x170']) {
      await registers.search(words);
      await registers.row('FCTTV').waitFor(limit);
      await registers.row('STATUS').waitFor({ state: 'detached', ...limit });
    }
    await registers.search('no register is called so');
    await registers.press('Show all');
    await registers.row('CTRL').waitFor(limit);
  });

  test('a register that clears itself when read is not polled, and says why', async () => {
    const registers = await new RegistersPage(opened().window).show();
    await registers.search('ICR');
    await registers.row('ICR').waitFor(limit);
    expect(await registers.value('ICR')).not.toMatch(/0x/);
    await registers.row('ICR').getByText('C', { exact: true }).waitFor(limit);
    await registers.open('ICR');
    await registers.notes.filter({ hasText: 'Reading clears it.' }).first().waitFor(limit);
  });

  test('a register is written after a question that says what that does; the change is marked, dated and in the watch list', async () => {
    const { window } = opened();
    const registers = await new RegistersPage(window).show();
    // How long a pause frame of ours stops the partner: nothing hangs on it.
    await registers.search('FCTTV');
    const row = registers.row('FCTTV');
    await row.waitFor(limit);
    const read = async () => (await registers.value('FCTTV')).replaceAll(/\s/g, '');
    await expect.poll(read, limit).toMatch(/^0x[0-9a-f]{8}$/);
    await row.getByRole('button', { name: 'Watch FCTTV', exact: true }).click();
    await expect.poll(() => registers.watched.count(), limit).toBe(1);
    const before = await read();
    await registers.open('FCTTV');
    const ask = () => registers.list.getByRole('button', { name: 'Write FCTTV', exact: true }).click();
    await ask();
    await registers.question.getByText('What the write does:').waitFor(limit);
    await registers.question.getByLabel('New value', { exact: true }).fill('0x1234');
    await registers.question.getByRole('button', { name: 'Leave it' }).click();
    await registers.question.waitFor({ state: 'detached', ...limit });
    expect(await read()).toBe(before);
    await ask();
    await registers.question.getByLabel('New value', { exact: true }).fill('0x1234');
    await registers.question.getByRole('button', { name: /^Write 0x/ }).click();
    await expect.poll(read, limit).toBe('0x00001234');
    const changed = row.locator('.changed').getByRole('button');
    expect(await changed.getAttribute('title')).toMatch(/became 0x0000.1234 at/);
    await changed.click();
    await new TimePage(window).chosenMarks.first().waitFor(limit);
    await registers.watched.getByText('0x0000 1234').first().waitFor(limit);
    expect(await coloursOf(registers.watched.locator('canvas').first())).toBeGreaterThan(1);
    await registers.watched.getByRole('button', { name: 'Watch FCTTV no longer' }).click();
    await expect.poll(() => registers.watched.count(), limit).toBe(0);
    await registers.search('');
  });

  test('without a driver the overview says so and what to do next, and that does it', async () => {
    const { window } = opened();
    const overview = await new OverviewPage(window).show();
    await window.press('Unload driver');
    await overview.nextStep.getByText('rigb is not loaded').waitFor(limit);
    await expect.poll(() => overview.card(card).getAttribute('data-driver'), limit).toBe('');
    await overview.nextStep.getByRole('button', { name: 'Load rigb' }).click();
    await expect.poll(() => overview.card(card).getAttribute('data-driver'), limit).toBe('rigb');
    await overview.nextStep.waitFor({ state: 'detached', ...limit });
  });
});
