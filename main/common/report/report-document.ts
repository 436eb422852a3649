// The report for a bug tracker: what `ringscope report --json` prints and the window saves. Everything in it was read; what was not told is null.
import '#common/jitless.ts';
import { z } from 'zod';
import { alertRules } from '#common/alerts/alert.ts';
import { doctorCheck } from '#common/protocol/machine.ts';

const count = z.number().min(0);
const text = z.string();

const device = z.object({
  pciAddress: text,
  /** `8086:10c9`. */
  id: text,
  driver: text.nullable(),
  interface: text.nullable(),
  mac: text.nullable(),
  mtu: count.nullable(),
  /** As the driver tells it; where it does not, the reason stands beside it. */
  firmware: text.nullable(),
  firmwareReason: text.nullable(),
  driverVersion: text.nullable().optional(),
  link: z.object({
    administrativeUp: z.boolean().nullable(),
    carrier: z.boolean().nullable(),
    speedMbps: z.number().nullable(),
    duplex: text.nullable(),
    autonegotiation: z.boolean().nullable(),
  }),
  pcie: z
    .object({
      speed: text.nullable(),
      width: count.nullable(),
      maxSpeed: text.nullable(),
      maxWidth: count.nullable(),
      numaNode: count.nullable(),
      aer: z.object({ correctable: count, nonfatal: count, fatal: count }).nullable(),
    })
    .nullable(),
  rings: z.array(text),
  channels: z.record(text, count).nullable(),
  ringSizes: z.record(text, count).nullable(),
  coalesce: z.record(text, count).nullable(),
});

/** The document. */
export const reportDocument = z.object({
  format: z.literal('ringscope-report'),
  version: z.literal(1),
  createdUnixMs: z.number(),
  /** Whether addresses stand in full. */
  addresses: z.enum(['shortened', 'full']),
  application: z.object({ version: text.nullable() }),
  agent: z
    .object({ version: text, role: text, capabilities: z.array(text), missing: z.array(z.object({ capability: text, reason: text })) })
    .nullable(),
  kernel: z.object({ release: text, architecture: text, cpus: count, upSeconds: z.number() }).nullable(),
  target: z
    .object({ kind: text, phase: text, machine: text.nullable(), accelerator: text.nullable(), recording: text.nullable() })
    .nullable(),
  module: z
    .object({
      name: text,
      state: text,
      version: text.nullable(),
      /** SHA-256 of the file that the agent would load. */
      digest: text.nullable(),
      sizeBytes: count.nullable(),
      error: text.nullable(),
    })
    .nullable(),
  devices: z.array(device),
  counters: z.array(z.object({ interface: text, source: text, name: text, value: count })),
  interrupts: z.array(z.object({ irq: text, name: text, device: text, perCpu: z.array(count) })),
  doctor: z.array(doctorCheck).nullable(),
  alerts: z.array(
    z.object({
      rule: z.enum(alertRules),
      severity: text,
      state: text,
      device: text.nullable(),
      queue: text.nullable(),
      sinceSeconds: z.number(),
      lastSeconds: z.number(),
      text,
      evidence: z.array(text),
    }),
  ),
  rules: z.array(z.object({ label: text, state: text, text })),
  /** The newest lines, oldest first. */
  log: z.array(z.object({ atSeconds: z.number(), level: count, text })),
  /** Frames and records that were lost on the way. */
  dropped: count,
});
export type ReportDocument = z.infer<typeof reportDocument>;
