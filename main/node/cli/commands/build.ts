// `ringscope build`: rigb.ko for the running kernel.
import type { BuildEvent } from '#common/protocol/machine.ts';
import { buildModule } from '../../local/build-module.ts';
import type { Command } from '../command.ts';

export const build: Command = {
  name: 'build',
  summary: 'build the driver for the running kernel',
  description:
    'Builds rigb.ko against the kernel tree of the running kernel and lays it, with its digest, beside the agent that may load it. The output goes to standard error. Needs no privileges: loading it does.',
  options: { json: { description: 'one JSON document {kernelRelease, tree, digest} on standard output' } },
  async run({ switches, print, signal }) {
    let last: BuildEvent | null = null;
    let shown = '';
    await buildModule({
      signal,
      onChange: (event) => {
        last = event;
        // The newest lines only: an event may stand for many.
        const at = event.lines.lastIndexOf(shown);
        for (const line of event.lines.slice(at + 1)) process.stderr.write(`${line}\n`);
        shown = event.lines.at(-1) ?? '';
      },
    });
    const ended = last as BuildEvent | null;
    if (ended?.state !== 'done') {
      const { title, detail, remedy } = ended?.reason ?? { title: 'The build did not run', detail: '', remedy: '' };
      throw new Error(`${title}: ${detail} ${remedy}`);
    }
    const { kernelRelease, tree, digest } = ended;
    await print(
      switches.has('json') ? `${JSON.stringify({ kernelRelease, tree, digest })}\n` : `rigb.ko for ${kernelRelease}, sha256 ${digest}\n`,
    );
    return 0;
  },
};
