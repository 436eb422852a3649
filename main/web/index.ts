// `node out/main/web.js`: the application with a browser window, or with an address to open. Reads the environment, hears signals, sets the exit code.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allowsWrites } from '../node/allow-writes.ts';
import { firstTarget } from '../node/first-target.ts';
import { readPageFiles } from '../node/page-files.ts';
import { startOwnSession } from '../node/session/start-session.ts';
import { runWebApplication } from './application.ts';
import { chooseBrowser, openBrowserWindow, profileFolder } from './browser-window.ts';

// The bundle is out/main/web.js; the page lies beside its folder.
const built = join(dirname(fileURLToPath(import.meta.url)), '..');

function portFrom(text: string | undefined): number {
  const port = Number(text ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`RINGSCOPE_PORT is ${text}, but a port is a number from 1 to 65535.`);
  return port;
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const port = portFrom(process.env.RINGSCOPE_PORT);
  const files = await readPageFiles(join(built, 'renderer'));
  const application = await runWebApplication({
    lab: await startOwnSession({ first: firstTarget(args), allowsWrites: allowsWrites(args) }),
    files,
    port,
    browser: chooseBrowser({ environment: process.env, userId: process.getuid?.() }),
    openWindow: (path, address) => openBrowserWindow(path, address, profileFolder(process.env)),
    print: (line) => void process.stdout.write(`${line}\n`),
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => application.end());
  await application.ended;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`ringscope: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
