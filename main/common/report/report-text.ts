// The report as text that a bug tracker shows as it is.
import type { ReportDocument } from '#common/report/report-document.ts';

const none = '–';
const said = (value: string | number | boolean | null): string => (value === null ? none : String(value));
const yesNo = (value: boolean | null, yes: string, no: string): string => (value === null ? none : value ? yes : no);

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

const list = (values: Readonly<Record<string, number>> | null): string =>
  values === null
    ? none
    : Object.entries(values)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ');

function deviceLines(device: ReportDocument['devices'][number]): string[] {
  const {
    pciAddress,
    id,
    driver,
    interface: name,
    mac,
    mtu,
    firmware,
    firmwareReason,
    driverVersion,
    link,
    pcie,
    rings,
    channels,
    ringSizes,
    coalesce,
  } = device;
  const { administrativeUp, carrier, speedMbps, duplex, autonegotiation } = link;
  return [
    `${pciAddress} ${id} driver ${said(driver)}${driverVersion ? ` ${driverVersion}` : ''} interface ${said(name)} MAC ${said(mac)} MTU ${said(mtu)}`,
    `  firmware ${firmware ?? `${none} (${firmwareReason ?? 'not told'})`}`,
    `  link ${yesNo(carrier, 'up', 'down')}, interface ${yesNo(administrativeUp, 'up', 'down')}, ${said(speedMbps)} Mb/s ${said(duplex)}, autonegotiation ${yesNo(autonegotiation, 'on', 'off')}`,
    pcie === null
      ? `  PCIe ${none} (not observed)`
      : `  PCIe ${said(pcie.speed)} x${said(pcie.width)} of ${said(pcie.maxSpeed)} x${said(pcie.maxWidth)}, NUMA node ${said(pcie.numaNode)}, AER ${pcie.aer === null ? none : list(pcie.aer)}`,
    ...(rings.length > 0 ? [`  rings shown ${rings.join(' ')}`] : []),
    ...(ringSizes ? [`  descriptors ${list(ringSizes)}`] : []),
    ...(channels ? [`  channels ${list(channels)}`] : []),
    ...(coalesce ? [`  coalescing ${list(coalesce)}`] : []),
  ];
}

function counterLines(counters: ReportDocument['counters']): string[] {
  const width = Math.max(0, ...counters.map(({ interface: name, source, name: counter }) => `${name} ${source} ${counter}`.length));
  return counters.map(({ interface: name, source, name: counter, value }) => `${`${name} ${source} ${counter}`.padEnd(width)}  ${value}`);
}

/** The report. */
export function reportText(report: ReportDocument): string {
  const { application, agent, kernel, target, module, devices, counters, interrupts, doctor, alerts, rules, log } = report;
  const recording = target?.recording ? `, recording ${target.recording}` : '';
  const lines = [
    `Ringscope report of ${new Date(report.createdUnixMs).toISOString()}`,
    `addresses ${report.addresses === 'shortened' ? 'are shortened' : 'stand in full'}`,
    ...section('Versions', [
      `application ${said(application.version)}`,
      `agent ${agent ? `${agent.version}, started to ${agent.role}` : none}`,
      `kernel ${kernel ? `${kernel.release} ${kernel.architecture}, ${kernel.cpus} CPUs, up ${kernel.upSeconds.toFixed(0)} s` : none}`,
      `module ${module ? `${module.name} ${said(module.version)}, ${module.state}, SHA-256 ${said(module.digest)}` : none}`,
      ...(module?.error ? [`module error: ${module.error}`] : []),
      `target ${target ? `${target.kind}, ${target.phase}${target.machine ? `, ${target.machine}` : ''}${target.accelerator ? `, ${target.accelerator}` : ''}${recording}` : none}`,
      ...(agent?.missing.map(({ capability, reason }) => `missing: ${capability}: ${reason}`) ?? []),
    ]),
    ...section('Devices', devices.flatMap(deviceLines)),
    ...section(
      'Alerts',
      alerts.length === 0
        ? ['none']
        : alerts.flatMap(({ severity, rule, device, queue, state, sinceSeconds, lastSeconds, text, evidence }) => [
            `${severity} ${rule} ${device ?? ''} ${queue ?? ''} ${sinceSeconds.toFixed(3)} to ${lastSeconds.toFixed(3)} s, ${state}: ${text}`,
            ...evidence.map((one) => `  ${one}`),
          ]),
    ),
    ...section(
      'Rules',
      rules.map(({ label, state, text }) => `${state} ${label}: ${text}`),
    ),
    ...section('Counters (of the driver’s own those that are not zero)', counterLines(counters)),
    ...section(
      'Interrupts by CPU',
      interrupts.map(({ irq, name, device, perCpu }) => `${irq} ${name} ${device} ${perCpu.join(' ')}`),
    ),
    ...section('Doctor', doctor?.map(({ name, state, why, fix }) => `${state} ${name}: ${why}${fix === '' ? '' : ` (${fix})`}`) ?? []),
    ...section(
      `Kernel log, the newest ${log.length} lines`,
      log.map(({ atSeconds, level, text }) => `${atSeconds.toFixed(6).padStart(14)} <${level}> ${text}`),
    ),
    '',
    `${report.dropped} frames and records were lost on the way.`,
    '',
  ];
  return lines.join('\n');
}
