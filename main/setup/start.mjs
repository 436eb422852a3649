// `npm start`: prepares what is missing, then opens Ringscope: in Electron when its binary is there, else in a browser window.
import { join } from 'node:path';
import { checkout } from './application.mjs';
import { electronBinary } from './electron-binary.mjs';
import { launch } from './launch.mjs';
import { prepare } from './prepare.mjs';
import { reportFailure, reportProgress } from './progress.mjs';

try {
  await prepare();
  const electron = await electronBinary(reportProgress);
  if (electron.path) {
    process.exitCode = await launch(electron.path, [checkout, ...process.argv.slice(2)]);
  } else {
    process.stderr.write(`ringscope: opening a browser window, because ${electron.reason}\n`);
    process.exitCode = await launch(process.execPath, [join(checkout, 'out/main/web.js'), ...process.argv.slice(2)]);
  }
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
