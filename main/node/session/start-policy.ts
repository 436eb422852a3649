// What the session asks of an agent without being told: once on a fresh target, so that queues move from the first second.
import type { Arguments } from '#common/protocol.ts';
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

/** The traffic of a fresh target: the link partner sends, gently. */
export const startTraffic: Arguments<'traffic'> = { running: true, direction: 'receive', framesPerSecond: 2000, frameBytes: 256 };
