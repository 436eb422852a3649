// What the documentation shows, in the order in which the lab comes to it. Each scene leaves the window as it found it.

/** Traffic as the panel Traffic asks for it; returns once frames flow. */
async function traffic(view, { direction, rate, bytes }) {
  const panel = await view.show('Traffic');
  await panel.getByLabel('Direction').selectOption(direction);
  await panel.getByLabel('Frames/s').fill(String(rate));
  await panel.getByLabel('Bytes', { exact: true }).fill(String(bytes));
  await panel.locator('button.primary').first().click();
  await panel.getByText(/ sent by /).waitFor();
  await view.show('Statistics');
}

// What a translated guest on two shared cores can be watched at in full detail.
const steady = { direction: 'both', rate: 600, bytes: 512 };

/** The scenes. One that `isSetUp` runs whichever pictures are wanted. */
export const scenes = [
  { name: 'start', take: (view) => view.picture('start', ['dark']) },
  {
    name: 'traffic',
    isSetUp: true,
    async take(view) {
      const phase = await view.page.waitForFunction(
        () => ['live', 'failed', 'stopped'].find((end) => end === document.documentElement.dataset.phase),
        null,
        { timeout: 180_000 },
      );
      if ((await phase.jsonValue()) !== 'live')
        throw new Error(`The lab did not start: ${await view.page.getByRole('main').textContent()}`);
      await view.page.locator('[data-testid="statistic"][data-name="RX packets"]').first().waitFor({ timeout: 60_000 });
      await traffic(view, steady);
    },
  },
  {
    // Also what the screenshot tests show: copied to tests/fixtures/screenshots by whoever wants them to show something newer.
    name: 'record',
    isSetUp: true,
    async take(view) {
      await view.letRun(4);
      await view.press('Record');
      await view.letRun(14);
      await view.press('Stop recording');
      await view.page.getByRole('button', { name: 'Record', exact: true }).waitFor();
      view.keepRecording();
      await view.command('Trace the driver’s events, or stop');
      await view.letRun(25);
    },
  },
  {
    name: 'inspect',
    async take(view) {
      await view.show('Descriptors');
      await view.panel('Descriptors').getByRole('row').nth(4).click();
      await view.letRun(20);
      await view.picture('inspect');
    },
  },
  { name: 'queues', take: (view) => view.panelPicture('queues', 'Queues', ['dark'], undefined, { width: 1360, height: 620 }) },
  {
    name: 'descriptors',
    take: (view) =>
      view.panelPicture('descriptors', 'Descriptors', ['dark', 'light'], async (panel) => {
        await panel.getByRole('button', { name: 'Tail', exact: true }).click();
        await panel.locator('[role="row"][aria-selected="true"]').first().waitFor();
      }),
  },
  {
    // The frame that the chosen descriptor holds, once that is permitted.
    name: 'bytes',
    take: (view) =>
      view.panelPicture(
        'bytes',
        'Descriptors',
        ['light'],
        async (panel) => {
          await panel.getByRole('button', { name: 'Tail', exact: true }).click();
          await panel.getByRole('button', { name: 'Show bytes…' }).click();
          await view.page.getByRole('alertdialog').getByRole('button', { name: 'Show bytes', exact: true }).click();
          await panel.locator('.hex-dump').first().waitFor();
          await panel.locator('.buffer-bytes').evaluate((section) => section.scrollIntoView());
        },
        { width: 1360, height: 900 },
      ),
  },
  { name: 'interrupts', take: (view) => view.panelPicture('interrupts', 'Interrupts', ['dark']) },
  {
    name: 'registers',
    take: (view) =>
      view.panelPicture('registers', 'Registers', ['light'], async (panel) => {
        await panel.getByRole('button', { name: 'Watch STATUS', exact: true }).click();
        await panel.getByRole('button', { name: 'Open STATUS', exact: true }).click();
      }),
  },
  {
    name: 'statistics',
    take: (view) =>
      view.panelPicture('statistics', 'Statistics', ['dark'], async (panel) => {
        await panel.getByRole('button', { name: 'Changing' }).click();
      }),
  },
  {
    name: 'tidy',
    isSetUp: true,
    async take(view) {
      await view.page.setViewportSize({ width: 1600, height: 1000 });
      await (await view.show('Statistics'))
        .getByRole('button', { name: 'Changing', pressed: true })
        .click({ timeout: 2000 })
        .catch(() => undefined);
      await view.show('Descriptors');
    },
  },
  {
    name: 'log',
    take: (view) =>
      view.panelPicture(
        'log',
        'Kernel log',
        ['light'],
        async (panel) => {
          await panel.getByPlaceholder('mark').fill('rigb');
        },
        { width: 1280, height: 560 },
      ),
  },
  {
    name: 'machine',
    async take(view) {
      await view.layout('Machine');
      await view.letRun(3);
      await view.picture('machine', ['light']);
      await view.layout('Inspect');
    },
  },
  {
    name: 'lab',
    async take(view) {
      await view.layout('Lab');
      await view.letRun(12);
      await view.picture('lab', ['light']);
      await view.layout('Inspect');
    },
  },
  {
    // A cable that is pulled and put back, from the guest's own console: the window says what it saw of that.
    name: 'alerts',
    isSetUp: true,
    async take(view) {
      await view.layout('Terminal');
      await view.page.locator('.xterm').first().click();
      await view.page.keyboard.type('for i in 1 2; do ethtool -r eth0; sleep 6; done; cat /proc/driver/network_stats\n');
      await view.letRun(16);
      await view.regionPicture('terminal', 'Terminal', ['dark'], { width: 1280, height: 640 });
      await view.layout('Inspect');
      await traffic(view, { direction: 'receive', rate: 0, bytes: 60 });
      await view.letRun(6);
      await traffic(view, steady);
      await view.layout('Alerts');
      await view.panel('Autopsy').getByRole('button', { name: 'Make one now' }).click();
      await view.panel('Alerts').getByRole('listitem').first().getByRole('button').first().click();
      await view.picture('alerts', ['dark']);
      await view.layout('Inspect');
    },
  },
  {
    name: 'palette',
    async take(view) {
      await view.page.keyboard.press('Control+k');
      await view.page.locator('[cmdk-input]').fill('ring');
      await view.page.locator('[cmdk-item]').first().waitFor();
      await view.picture('palette', ['light']);
      await view.page.keyboard.press('Escape');
    },
  },
  {
    name: 'recording',
    async take(view) {
      await view.layout('Recordings');
      await view.page
        .getByRole('button', { name: /^Open / })
        .first()
        .click();
      const position = view.page.getByRole('slider', { name: 'Position in the recording' });
      await position.waitFor({ timeout: 60_000 });
      await view.layout('Inspect');
      await position.focus();
      await position.press('End');
      await position.press('ArrowLeft');
      await position.evaluate((element) => element.blur());
      await view.panel('Kernel log').getByPlaceholder('mark').fill('');
      await view.letRun(3);
      await view.picture('recording', ['light']);
    },
  },
];
