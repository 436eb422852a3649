// A session on a fake target with an agent that answers, and what a test reads off its windows.
import { onTestFinished } from 'vitest';
import { streams } from '#common/frame.ts';
import { readLogBatch } from '#common/layouts/log-batch.ts';
import { readSample } from '#common/layouts/sample.ts';
import { readRingSnapshot } from '#common/layouts/snapshot.ts';
import type { TargetChoice } from '#common/protocol.ts';
import { Session } from '../../main/node/session/session.ts';
import type { CreateTarget } from '../../main/node/target.ts';
import { FakeTarget } from './fake-target.ts';
import { type SessionWindow, settle } from './session-window.ts';

/** A session that ends with the test. */
export function sessionOn(target: FakeTarget | CreateTarget, first: TargetChoice = { kind: 'lab' }): Session {
  const createTarget = typeof target === 'function' ? target : () => target;
  const session = new Session({ createTarget, first, applicationVersion: '9.9.9' });
  onTestFinished(() => session.close());
  return session;
}

/** A session whose agent is live. */
export async function running() {
  const target = new FakeTarget();
  const session = sessionOn(target);
  await session.start();
  const agent = target.bringAgent();
  await settle();
  return { target, session, agent };
}

/** The kernel's numbers of all log records that reached a window. */
export const sequencesOf = (window: SessionWindow) =>
  window.of(streams.log).flatMap(({ payload }) => {
    const batch = readLogBatch(payload);
    return batch.ok ? batch.value.records.map(({ sequence }) => Number(sequence)) : [];
  });

/** The times of all samples that reached a window. */
export const timesOf = (window: SessionWindow) =>
  window.of(streams.sample).map(({ payload }) => {
    const sample = readSample(payload);
    return sample.ok ? Number(sample.value.timeNs) : null;
  });

/** The heads of all ring snapshots that reached a window. */
export const headsOf = (window: SessionWindow) =>
  window.of(streams.ring).map(({ payload }) => {
    const ring = readRingSnapshot(payload);
    return ring.ok ? ring.value.after.head : null;
  });
