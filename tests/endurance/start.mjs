// Runs run.ts as it is: Node 20 takes no TypeScript, Vite hands it over as JavaScript.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

/** The command; see `main` in run.ts. */
export async function start(argv, prepare) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const { module } = await runnerImport(fileURLToPath(new URL('run.ts', import.meta.url)), { configFile: false, root, logLevel: 'error' });
  return module.main(argv, prepare);
}
