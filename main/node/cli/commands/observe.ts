// `ringscope observe`: one look at a card of this machine, whoever drives it.
import { type Command, nameOption, sessionName } from '../command.ts';
import { observationText } from '../observation-text.ts';
import { deviceAddress } from '../options.ts';
import { withSession } from '../run.ts';
import { takeObservation } from '../take-observation.ts';

export const observe: Command = {
  name: 'observe',
  summary: 'one look at a network card of this machine under any driver',
  description:
    'Starts the agent in observe mode, in which it changes nothing, without privileges where none can be had; or joins the running application. Shows link, queues with their NAPI contexts and interrupts, rings, channels, coalescing, PCIe and the driver’s statistics, and says what the driver does not offer.',
  options: {
    device: { argument: 'ADDRESS', description: 'the card’s PCI address, such as 0000:01:00.0, where there are several' },
    json: { description: 'one JSON document {device, observation, interrupts} on standard output instead of text' },
    name: nameOption,
  },
  async run({ options, switches, print, onStep, signal }) {
    const device = deviceAddress(options.device);
    const document = await withSession(
      { name: sessionName(options.name), target: { kind: 'local', observe: true }, onStep, signal, what: 'observe' },
      ({ connection, collected }) => takeObservation({ connection, collected, device, onStep }),
    );
    await print(switches.has('json') ? `${JSON.stringify(document)}\n` : observationText(document));
    return 0;
  },
};
