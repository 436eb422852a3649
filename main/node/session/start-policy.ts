// What the session asks of an agent without being told: once on a fresh target, so that queues move from the first second.
import type { Refusal } from '#common/protocol.ts';
import type { Result } from '#common/result.ts';
import type { AgentClient } from '../agent/agent-client.ts';

/** The rate at which samples are taken unless a client asks for another, in hertz. */
export const startSampleHz = 10;

/** Loads the driver, samples, and lets the link partner send. Resolves with what was refused, when all has been answered but the traffic. */
export async function runStartPolicy(agent: AgentClient, onRefused: (verb: string, refusal: Refusal) => void): Promise<void> {
  const told = (verb: string) => (answer: Result<void, Refusal>) => {
    if (!answer.ok) onRefused(verb, answer.error);
  };
  const loading = agent.request('load-module', {}).then(told('load-module'));
  const sampling = agent.request('sample', { hz: startSampleHz }).then(told('sample'));
  // Traffic needs the driver's interface, so it is asked for after the driver.
  await Promise.all([loading, sampling]);
  void agent.request('traffic', { running: true, direction: 'receive', framesPerSecond: 2000, frameBytes: 256 }).then(told('traffic'));
}
