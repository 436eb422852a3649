// The report out of what a session has told. Pure: no clock, no process.
import { type Alert, evidenceText } from '#common/alerts/alert.ts';
import type { LoggedLine } from '#common/alerts/fact.ts';
import type { Sample } from '#common/layouts/sample.ts';
import type { DoctorCheck } from '#common/protocol/machine.ts';
import type { ObservationEvent } from '#common/protocol/observation.ts';
import type { Device, EventOf } from '#common/protocol.ts';
import type { ReportDocument } from '#common/report/report-document.ts';
import { shortenAddresses } from '#common/report/shorten-addresses.ts';
import type { RuleOutcome } from '#common/rules/outcome.ts';

/** How many lines of the log a report holds. */
export const reportLogLines = 200;

/** What is known. */
export interface ReportSources {
  readonly createdUnixMs: number;
  readonly application: string | null;
  readonly hello: EventOf<'hello'> | null;
  readonly target: EventOf<'target'> | null;
  readonly module: EventOf<'module'> | null;
  readonly devices: readonly Device[];
  /** The newest observation of a device. */
  observationOf(device: string): Omit<ObservationEvent, 'type'> | null;
  readonly sample: { readonly sample: Sample; readonly table: EventOf<'table'> } | null;
  readonly doctor: readonly DoctorCheck[] | null;
  readonly alerts: readonly Alert[];
  readonly outcomes: readonly RuleOutcome[];
  readonly records: readonly Pick<LoggedLine, 'timeUs' | 'level' | 'text'>[];
  readonly dropped: number;
  /** The recording that is open in place of a target. */
  readonly recording: string | null;
}

const hex = (value: number): string => value.toString(16).padStart(4, '0');

/** Why the version of a card's firmware is not known; null where it is. */
function whyNoFirmware(driver: string | null, seen: Omit<ObservationEvent, 'type'> | null): string | null {
  if (!seen) return 'The device was not observed.';
  const { driverInformation: told } = seen;
  if (!told) return 'The agent that told this did not ask for it yet.';
  if (!told.values) return told.reason;
  return told.values.firmware === null ? `${driver ?? 'The driver'} tells no version of the firmware.` : null;
}

function deviceOf(device: Device, seen: Omit<ObservationEvent, 'type'> | null): ReportDocument['devices'][number] {
  const { pciAddress, vendorId, deviceId, driver, interface: name, mac, mtu, administrativeUp, carrier, speedMbps, duplex, rings } = device;
  return {
    pciAddress,
    id: `${hex(vendorId)}:${hex(deviceId)}`,
    driver,
    interface: name,
    mac,
    mtu,
    firmware: seen?.driverInformation?.values?.firmware ?? null,
    firmwareReason: whyNoFirmware(driver, seen),
    driverVersion: seen?.driverInformation?.values?.version ?? null,
    link: { administrativeUp, carrier, speedMbps, duplex, autonegotiation: seen?.link.values?.autonegotiation ?? null },
    pcie: seen && {
      speed: seen.pcie.speed,
      width: seen.pcie.width,
      maxSpeed: seen.pcie.maxSpeed,
      maxWidth: seen.pcie.maxWidth,
      numaNode: seen.pcie.numaNode,
      aer: seen.pcie.aer,
    },
    rings: rings.map(({ kind, index }) => `${kind}:${index}`),
    channels: seen?.channels.values ?? null,
    ringSizes: seen?.rings.values ?? null,
    coalesce: seen?.coalesce.values ?? null,
  };
}

function countersOf({ devices, sample, observationOf }: ReportSources): ReportDocument['counters'] {
  const names = new Set(devices.map(({ interface: name }) => name));
  const own =
    sample?.table.counters.flatMap(({ source, interface: name, name: counter }, row) =>
      names.has(name) ? [{ interface: name, source, name: counter, value: Number(sample.sample.counters[row] ?? 0n) }] : [],
    ) ?? [];
  // Of the driver's many, those that count anything.
  const ethtool = devices.flatMap(({ pciAddress, interface: name }) =>
    (observationOf(pciAddress)?.ethtoolStatistics.items ?? [])
      .filter(({ value }) => value > 0)
      .map(({ name: counter, value }) => ({ interface: name ?? pciAddress, source: 'ethtool', name: counter, value })),
  );
  return [...own, ...ethtool];
}

function interruptsOf({ sample: named }: ReportSources): ReportDocument['interrupts'] {
  if (!named) return [];
  const { table, sample } = named;
  return table.vectors.flatMap(({ irq, name, device }, row) =>
    device === null
      ? []
      : [{ irq, name, device, perCpu: [...sample.vectors.subarray(row * sample.cpuCount, (row + 1) * sample.cpuCount)].map(Number) }],
  );
}

/** Shortens the addresses in every text of a value. */
function shortenAll<T>(value: T): T {
  if (typeof value === 'string') return shortenAddresses(value) as T;
  if (Array.isArray(value)) return value.map(shortenAll) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shortenAll(one)])) as T;
}

/** Makes the report; addresses are shortened unless `keepsAddresses`. The name of the machine is never in it, nor paths of its user. */
export function makeReport(sources: ReportSources, { keepsAddresses = false } = {}): ReportDocument {
  const { createdUnixMs, application, hello, target, module, devices, observationOf, doctor, alerts, outcomes, records, dropped } = sources;
  const lastSeconds = Math.max(
    0,
    sources.sample ? Number(sources.sample.sample.timeNs) / 1e9 : 0,
    Number(records.at(-1)?.timeUs ?? 0) / 1e6,
  );
  const document: ReportDocument = {
    format: 'ringscope-report',
    version: 1,
    createdUnixMs,
    addresses: keepsAddresses ? 'full' : 'shortened',
    application: { version: application },
    agent: hello && { version: hello.agent, role: hello.role, capabilities: hello.capabilities, missing: hello.missing },
    kernel: hello && { release: hello.kernel, architecture: hello.architecture, cpus: hello.cpus.length, upSeconds: lastSeconds },
    target: target && {
      kind: target.kind,
      phase: target.phase,
      // This machine's holds its host name.
      machine: target.kind === 'lab' ? target.machine : null,
      accelerator: target.accelerator,
      recording: sources.recording,
    },
    module: module && {
      name: module.name,
      state: module.state,
      version: module.version ?? hello?.module.version ?? null,
      digest: hello?.module.digest ?? null,
      sizeBytes: module.sizeBytes,
      error: module.error,
    },
    devices: devices.map((device) => deviceOf(device, observationOf(device.pciAddress))),
    counters: countersOf(sources),
    interrupts: interruptsOf(sources),
    doctor: doctor && [...doctor],
    alerts: alerts.map(({ id: _, evidence, ...alert }) => ({ ...alert, evidence: evidence.map(evidenceText) })),
    rules: outcomes.map(({ label, state, text }) => ({ label, state, text })),
    log: records.slice(-reportLogLines).map(({ timeUs, level, text }) => ({ atSeconds: Number(timeUs) / 1e6, level, text })),
    dropped,
  };
  return keepsAddresses ? document : shortenAll(document);
}
