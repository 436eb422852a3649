// The page's end of Electron's menu, over a real channel.
import { expect, onTestFinished, test, vi } from 'vitest';
import { serveMenu } from '../../../renderer/link/electron-transport.ts';

function channel() {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => {
    port1.close();
    port2.close();
  });
  const received: unknown[] = [];
  port2.addEventListener('message', ({ data }) => received.push(data));
  port1.start();
  port2.start();
  return { page: port1, shell: port2, received };
}

test('the menu is told every command, and runs the one that is chosen', async () => {
  const { page, shell, received } = channel();
  const ran: string[] = [];
  serveMenu(page, [
    { name: 'Traffic on or off', key: 't', run: () => ran.push('traffic') },
    { name: 'Open a shell', key: null, run: () => ran.push('shell') },
  ]);
  await vi.waitFor(() =>
    expect(received).toEqual([
      {
        type: 'commands',
        commands: [
          { name: 'Traffic on or off', key: 't' },
          { name: 'Open a shell', key: null },
        ],
      },
    ]),
  );
  for (const message of [
    { type: 'run-command', name: 'No such' },
    { type: 'run-command' },
    'text',
    { type: 'run-command', name: 'Open a shell' },
  ])
    shell.postMessage(message);
  await vi.waitFor(() => expect(ran).toEqual(['shell']));
});
