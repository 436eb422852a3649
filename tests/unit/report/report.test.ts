// The report out of what a session told: complete, in words, and nothing private in it.
import { expect, test } from 'vitest';
import { Lookout } from '#common/alerts/lookout.ts';
import type { ObservationEvent } from '#common/protocol/observation.ts';
import { makeReport, type ReportSources } from '#common/report/make-report.ts';
import { reportDocument } from '#common/report/report-document.ts';
import { reportText } from '#common/report/report-text.ts';
import { devicesAre, logAt, sampleAt } from '../../support/fact-stream.ts';
import { observation } from '../../support/observation.ts';
import { device, helloEvent, moduleEvent } from '../../support/wire-payloads.ts';

function sources(change: Partial<ReportSources> = {}): ReportSources {
  const lookout = new Lookout();
  for (const fact of [devicesAre(), sampleAt(10), sampleAt(10.1, { rx_crc_errors: 3 })]) lookout.take(fact);
  const sample = sampleAt(12, { rx_packets: 5, rx_crc_errors: 3 }, 8);
  const lines = ['eth0: link up', 'dhcp: 192.168.17.4 for 52:54:00:12:34:56'].map((text, at) => logAt(11 + at, text));
  return {
    createdUnixMs: 1_790_000_000_000,
    application: '9.9.9',
    hello: helloEvent(),
    target: {
      type: 'target',
      kind: 'local',
      phase: 'live',
      step: '',
      elapsedMs: 0,
      accelerator: null,
      machine: 'somebodys-laptop, Linux 7.3.4',
      reason: null,
      lastConsoleLines: [],
    },
    module: moduleEvent('live'),
    devices: [device],
    observationOf: () => observation(),
    sample: sample.kind === 'sample' ? sample : null,
    doctor: [{ name: 'built-module', state: 'warn', why: 'It lies in /home/somebody/out.', fix: 'ringscope build' }],
    alerts: lookout.book.alerts,
    outcomes: [],
    records: lines.flatMap((line) => (line.kind === 'log' ? [line.record] : [])),
    dropped: 4,
    recording: null,
    ...change,
  };
}

test('everything that a bug tracker asks for is there', () => {
  const report = makeReport(sources());
  expect(reportDocument.parse(report)).toEqual(report);
  expect(report).toMatchObject({
    kernel: { release: '7.3.4', architecture: 'x86_64', upSeconds: 12 },
    agent: { version: '0.1.0' },
    module: { name: 'rigb', state: 'live' },
    devices: [{ id: '8086:10c9', driver: 'rigb', pcie: { speed: '2.5 GT/s PCIe', width: 1 }, coalesce: { 'rx-usecs': 3 } }],
    alerts: [{ rule: 'growing-errors', state: 'open' }],
    dropped: 4,
  });
  expect(report.counters).toContainEqual({ interface: 'eth0', source: 'netdev', name: 'rx_crc_errors', value: 3 });
  expect(report.interrupts).toEqual([{ irq: '27', name: 'eth0-TxRx-0', device: '0000:01:00.0', perCpu: [4, 4] }]);
});

test('nothing in it names the machine, its user or its network', () => {
  const written = JSON.stringify(makeReport(sources()));
  for (const secret of ['somebody', 'laptop', '192.168.17.4', '12:34:56', device.mac ?? '']) expect(written).not.toContain(secret);
  expect(written).toContain('0000:01:00.0');
  expect(written).toContain('192.168.x.x for 52:54:00:xx:xx:xx');
});

test('addresses stand in full when that is wanted, the host name and homes never by themselves', () => {
  const report = makeReport(sources(), { keepsAddresses: true });
  expect(report.devices[0]?.mac).toBe(device.mac);
  expect(report.log.at(-1)?.text).toContain('192.168.17.4');
  expect(JSON.stringify(report)).not.toContain('laptop');
});

test('the text says all of it in sections, and what is missing with its reason', () => {
  const text = reportText(makeReport(sources()));
  for (const title of ['Versions', 'Devices', 'Alerts', 'Counters', 'Interrupts by CPU', 'Doctor', 'Kernel log, the newest 2 lines'])
    expect(text).toContain(`\n${title}`);
  expect(text).toContain('application 9.9.9');
  expect(text).toContain('firmware – (The agent that told this did not ask for it yet.)');
  expect(text).toContain('warning growing-errors 0000:01:00.0');
});

test('the firmware’s version is the driver’s word, or says whose silence it is', () => {
  const firmwareOf = (driverInformation: ObservationEvent['driverInformation']) =>
    makeReport({ ...sources(), observationOf: () => observation({ driverInformation }) }).devices[0];
  const told = { driver: 'rigb', version: '7.3.4', firmware: '1.2.3' };
  expect(firmwareOf({ values: told, reason: null })).toMatchObject({ firmware: '1.2.3', firmwareReason: null, driverVersion: '7.3.4' });
  expect(firmwareOf({ values: { ...told, firmware: null }, reason: null })?.firmwareReason).toContain('tells no version of the firmware');
  expect(firmwareOf({ values: null, reason: 'The interface is gone.' })?.firmwareReason).toBe('The interface is gone.');
});

test('a session that has told nothing yet makes a report of dashes', () => {
  const nothing = { hello: null, target: null, module: null, devices: [], sample: null, doctor: null, alerts: [], records: [] };
  const text = reportText(makeReport(sources(nothing)));
  expect(text).toContain('kernel –');
  expect(text).toContain('Alerts\n  none');
});
