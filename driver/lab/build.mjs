// The lab, step by step. Each step is skipped when its product is there; progress is words and counts, never a bare spinner.
import { withLock } from './cache.mjs';
import { agentBinary, buildRoot, describeLab, guestImage, kernelModule, kernelTree } from './steps.mjs';

/**
 * Builds what is missing and returns the content of `lab.json`. `report({step, of, title, line, seconds, state})` is called when a step begins
 * (`state: 'begin'`), with lines of its output (`'line'`) and when it is done (`'done'`); steps that are up to date report nothing.
 */
export async function buildLab(report = () => {}) {
  return withLock(
    async () => {
      const of = 5;
      const step = async (number, title, make) => {
        const begun = Date.now();
        let reported = false;
        const begin = () => {
          if (!reported) report({ step: number, of, title, state: 'begin' });
          reported = true;
        };
        const { folder, made } = await make((line) => {
          begin();
          report({ step: number, of, title, line, seconds: (Date.now() - begun) / 1000, state: 'line' });
        });
        if (made) {
          begin();
          report({ step: number, of, title, seconds: (Date.now() - begun) / 1000, state: 'done' });
        }
        return folder;
      };
      const root = await step(1, 'Build root (Debian compiler, kernel source, QEMU; downloads about 700 MB)', (onLine) =>
        buildRoot(onLine),
      );
      const kernel = await step(2, 'Kernel tree, prepared for Rust modules', (onLine) => kernelTree(root, onLine));
      const module = await step(3, 'Driver rigb.ko', (onLine) => kernelModule(root, kernel, onLine));
      const agent = await step(4, 'Agent', (onLine) => agentBinary(root, onLine));
      const guest = await step(5, 'Guest image', (onLine) => guestImage(root, module, agent, onLine));
      return describeLab({ root, kernel, module, agent, guest });
    },
    (holder) => report({ step: 0, of: 5, title: `Waiting for another build of the lab (process ${holder})`, state: 'begin' }),
  );
}
