// Every control message that crosses a pipe, as schemas that are checked at both ends; see driver/wire/README.md. Types are inferred from them.
// First of all imports, so that it precedes the schemas of every other file.
import './jitless.ts';

import { z } from 'zod';
import { bufferVerbs } from './protocol/buffers.ts';
import { agentRole, deviceControlVerbs, deviceHold, takenEvent } from './protocol/device-control.ts';
import { interruptControlVerbs } from './protocol/interrupt-control.ts';
import { labAgentVerbs, labEvent, labSessionVerbs, partnerEvent } from './protocol/lab.ts';
import { machineEvents, machineVerbs } from './protocol/machine.ts';
import { observationEvent, observationVerbs } from './protocol/observation.ts';
import { recordingEvents, recordingVerbs } from './protocol/recording.ts';
import { registerWriteVerbs } from './protocol/register-write.ts';
import { terminalEvent, terminalVerbs } from './protocol/terminal.ts';
import { traceVerbs } from './protocol/trace.ts';
import { trafficArguments, trafficEvent } from './protocol/traffic.ts';

/** The version both ends must speak. */
export const protocolVersion = 1;

const u16 = z.int().min(0).max(0xffff);
const u32 = z.int().min(0).max(0xffff_ffff);
const count = z.int().min(0);
const pciAddress = z.string().regex(/^[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/);

/** A thing of which snapshots can be had: a ring, the register file, the vectors. */
export const watchable = z.string().regex(/^(ring:(rx|tx):\d{1,5}|registers|vectors)$/);

/** What one snapshot can be had of: these, and the buffer of one descriptor. */
export const readable = z.string().regex(/^(ring:(rx|tx):\d{1,5}|buffer:(rx|tx):\d{1,5}:\d{1,5}|registers|vectors)$/);

const hello = z.strictObject({ protocol: z.int(), application: z.string().max(100) });

/** Arguments by verb, for the verbs that the agent serves. */
export const agentVerbs = {
  hello,
  'load-module': z.strictObject({
    parameters: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), z.union([z.string(), z.number()])).optional(),
  }),
  'unload-module': z.strictObject({}),
  sample: z.strictObject({ hz: z.number().min(0).max(100) }),
  watch: z.strictObject({ device: pciAddress, what: watchable, hz: z.number().min(0).max(60) }),
  read: z.strictObject({ device: pciAddress, what: readable }),
  traffic: trafficArguments,
  'set-link': z.strictObject({ interface: z.string().min(1).max(15), up: z.boolean() }),
  mark: z.strictObject({ text: z.string().regex(/^[\x20-\x7e]{1,200}$/) }),
  cost: z.strictObject({}),
  ...deviceControlVerbs,
  ...observationVerbs,
  ...registerWriteVerbs,
  ...traceVerbs,
  ...interruptControlVerbs,
  ...bufferVerbs,
  ...labAgentVerbs,
} as const;

/** What is inspected: the guest that the application brings along, the machine that it runs on, or a recording of either. */
export const targetChoice = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('lab') }),
  // `observe`: look only, without privileges where none can be had.
  z.strictObject({ kind: z.literal('local'), observe: z.boolean().optional() }),
  z.strictObject({ kind: z.literal('recording'), name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.mcap$/) }),
]);
export type TargetChoice = z.infer<typeof targetChoice>;

/** Arguments by verb, for the verbs that the session serves beside the agent's. */
export const sessionVerbs = {
  acknowledge: z.strictObject({ stream: u16, sequence: u32 }),
  'restart-target': z.strictObject({}),
  'stop-target': z.strictObject({}),
  'choose-target': z.strictObject({ target: targetChoice }),
  'console-write': z.strictObject({ text: z.string().max(4096) }),
  ...terminalVerbs,
  ...recordingVerbs,
  ...machineVerbs,
  ...labSessionVerbs,
} as const;

export type AgentVerb = keyof typeof agentVerbs;
export type SessionVerb = keyof typeof sessionVerbs;
export type Verb = AgentVerb | SessionVerb;

/** The arguments of a verb. */
export type Arguments<V extends Verb> = V extends AgentVerb
  ? z.infer<(typeof agentVerbs)[V]>
  : V extends SessionVerb
    ? z.infer<(typeof sessionVerbs)[V]>
    : never;

/** A request before its arguments are looked at. */
export const request = z.strictObject({
  type: z.literal('request'),
  id: u32,
  verb: z.string().max(40),
  arguments: z.record(z.string(), z.unknown()),
});
export type Request = z.infer<typeof request>;

/** Why a request was refused. `remedy` is what a user can do. */
export const refusal = z.object({ code: z.string(), message: z.string(), remedy: z.string().optional() });
export type Refusal = z.infer<typeof refusal>;

export const reply = z.discriminatedUnion('ok', [
  z.object({ type: z.literal('reply'), id: u32, ok: z.literal(true) }),
  z.object({ type: z.literal('reply'), id: u32, ok: z.literal(false), error: refusal }),
]);
export type Reply = z.infer<typeof reply>;

const helloEvent = z.object({
  type: z.literal('hello'),
  protocol: z.int(),
  role: agentRole.default('change'),
  agent: z.string(),
  kernel: z.string(),
  architecture: z.string(),
  bootTimeUnixNs: z.string().regex(/^-?\d+$/),
  cpus: z.array(u32),
  capabilities: z.array(z.string()),
  missing: z.array(z.object({ capability: z.string(), reason: z.string() })).default([]),
  module: z.object({ name: z.string(), path: z.string(), digest: z.string().nullable(), version: z.string().nullable() }),
});

const moduleEvent = z.object({
  type: z.literal('module'),
  name: z.string(),
  state: z.enum(['absent', 'loading', 'live', 'unloading', 'failed']),
  version: z.string().nullable(),
  sizeBytes: count.nullable(),
  referenceCount: z.int().nullable(),
  error: z.string().nullable(),
});

const device = z.object({
  pciAddress,
  vendorId: u16,
  deviceId: u16,
  driver: z.string().nullable(),
  interface: z.string().nullable(),
  mac: z.string().nullable(),
  mtu: count.nullable(),
  carrier: z.boolean().nullable(),
  operationalState: z.string().nullable(),
  speedMbps: z.number().nullable(),
  duplex: z.enum(['full', 'half']).nullable(),
  administrativeUp: z.boolean().nullable(),
  rings: z.array(z.object({ kind: z.enum(['rx', 'tx']), index: u16 })),
  holds: z.array(deviceHold).default([]),
});
export type Device = z.infer<typeof device>;

const table = z.object({
  type: z.literal('table'),
  tableId: u32,
  cpus: z.array(u32),
  vectors: z.array(z.object({ irq: z.string(), name: z.string(), chip: z.string(), device: z.string().nullable() })),
  softirqs: z.array(z.string()),
  counters: z.array(
    z.object({
      source: z.enum(['netdev', 'network_stats', 'ksoftirqd']),
      interface: z.string(),
      name: z.string(),
      unit: z.enum(['packets', 'bytes', 'count', 'nanoseconds']),
    }),
  ),
});

const cost = z.object({
  type: z.literal('cost'),
  intervalNs: z.number(),
  cpuNs: z.number(),
  cpuPercent: z.number(),
  wakeups: count,
  bytesSent: count,
  mmioReadsPerSecond: z.number(),
  samplesLost: count,
});

const notice = z.object({ type: z.literal('notice'), severity: z.enum(['info', 'warning', 'error']), code: z.string(), text: z.string() });

/** What an agent tells without being asked each time. */
export const agentEvent = z.discriminatedUnion('type', [
  helloEvent,
  moduleEvent,
  z.object({ type: z.literal('devices'), devices: z.array(device) }),
  table,
  trafficEvent,
  cost,
  notice,
  takenEvent,
  observationEvent,
  partnerEvent,
]);
export type AgentEvent = z.infer<typeof agentEvent>;

const session = z.object({
  type: z.literal('session'),
  application: z.string(),
  protocol: z.int(),
  startedUnixMs: z.number(),
  logCapacity: count,
  sampleCapacity: count,
});

const target = z.object({
  type: z.literal('target'),
  kind: z.enum(['lab', 'local', 'recording']),
  phase: z.enum(['preparing', 'booting', 'connecting', 'live', 'stopped', 'failed']),
  step: z.string(),
  elapsedMs: z.number(),
  accelerator: z.enum(['kvm', 'tcg']).nullable(),
  machine: z.string().nullable(),
  reason: z.object({ title: z.string(), detail: z.string(), remedy: z.string() }).nullable(),
  lastConsoleLines: z.array(z.string()),
});

const dropped = z.object({ type: z.literal('dropped'), stream: u16, frames: count, records: count });

/** What a session tells a window: everything of the agent's, and its own. */
export const sessionEvent = z.discriminatedUnion('type', [
  ...agentEvent.options,
  session,
  target,
  dropped,
  terminalEvent,
  ...recordingEvents,
  ...machineEvents,
  labEvent,
]);
export type SessionEvent = z.infer<typeof sessionEvent>;

/** An event of one type. */
export type EventOf<T extends SessionEvent['type']> = Extract<SessionEvent, { type: T }>;
