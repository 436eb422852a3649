// `npm run setup`: everything that can be made beforehand, nothing started.
import { prepare } from './prepare.mjs';
import { reportFailure } from './progress.mjs';

try {
  await prepare();
  process.stderr.write('ringscope: all is up to date\n');
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
