// What the session asks of an agent without being told. The lab is there to be looked at: once on a fresh guest the driver is loaded and frames flow, so that
// queues move from the first second. Any other machine is somebody's: there only sampling starts by itself.
import type { Arguments, TargetChoice } from '#common/protocol.ts';
import type { AgentClient } from '../agent/agent-client.ts';

/** The rate at which samples are taken unless a client asks for another, in hertz. */
export const startSampleHz = 10;

// The guest brings the interface up when the driver registers it, and the cards negotiate: half a second on a link, some more under translation.
const linkLimitMs = 15_000;

/** Resolves when a card whose driver shows its rings has a carrier, when the agent is gone, or after `linkLimitMs`. To be called before hello: devices are told right after it. */
export function linkUp(agent: AgentClient): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => end(), linkLimitMs);
    const subscriptions = [
      agent.onEvent((event) => {
        if (event.type === 'devices' && event.devices.some(({ rings, carrier }) => rings.length > 0 && carrier === true)) end();
      }),
      agent.onEnd(() => end()),
    ];
    const end = () => {
      clearTimeout(limit);
      for (const unsubscribe of subscriptions) unsubscribe();
      resolve();
    };
  });
}

/** Whether a fresh target of this kind is asked to load the driver and to run traffic. */
export const startsByItself = (kind: TargetChoice['kind']): boolean => kind === 'lab';

/** The traffic of a fresh target: the link partner sends, gently. */
export const startTraffic: Arguments<'traffic'> = { running: true, direction: 'receive', framesPerSecond: 2000, frameBytes: 256 };

/** No traffic: what another machine than the lab starts with. */
export const noTraffic: Arguments<'traffic'> = { ...startTraffic, running: false };
