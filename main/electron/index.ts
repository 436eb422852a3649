// Ringscope in Electron: the entry only says where the built parts lie.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allowsWrites } from '../node/allow-writes.ts';
import { firstTarget } from '../node/first-target.ts';
import { readPageFiles } from '../node/page-files.ts';
import { recordingArgument } from '../node/recording/recording-argument.ts';
import { startOwnSession } from '../node/session/start-session.ts';
import { runElectronApplication } from './application.ts';

// The bundle is out/main/electron.js; preload and page lie beside its folder.
const built = join(dirname(fileURLToPath(import.meta.url)), '..');

const args = process.argv.slice(1);

runElectronApplication({
  readRecording: () => recordingArgument(args, process.cwd()),
  startSession: () => startOwnSession({ first: firstTarget(args), allowsWrites: allowsWrites(args) }),
  readPage: () => readPageFiles(join(built, 'renderer')),
  preload: join(built, 'preload/preload.cjs'),
  isInspectable: Boolean(process.env.RINGSCOPE_DEVTOOLS),
});
