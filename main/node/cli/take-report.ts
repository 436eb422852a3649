// The course of `ringscope report`: wait for the agent, look at every card once, listen for some seconds, ask the doctor. Nothing is changed.
import { FactFeed } from '#common/alerts/fact-feed.ts';
import { Lookout } from '#common/alerts/lookout.ts';
import type { ObservationEvent } from '#common/protocol/observation.ts';
import { makeReport } from '#common/report/make-report.ts';
import type { ReportDocument } from '#common/report/report-document.ts';
import { applicationVersion } from '../application-version.ts';
import { type PrepareOptions, stepLimitMs, waitForAgent } from './prepare-target.ts';

/** What a report needs. */
export interface ReportOptions extends PrepareOptions {
  /** How long alerts are looked out for. */
  readonly seconds: number;
  readonly keepsAddresses: boolean;
}

const ringsHz = 5;

/** Makes the report. Every failure is an Error whose message is a sentence. */
export async function takeReport(options: ReportOptions): Promise<ReportDocument> {
  const { connection, collected, seconds, keepsAddresses, onStep } = options;
  const hello = await waitForAgent(options);
  const { devices } = await collected.until(
    () => collected.event('devices'),
    stepLimitMs,
    'The agent has not said which devices there are.',
  );
  const observations = new Map<string, ObservationEvent>();
  const lookout = new Lookout();
  const feed = new FactFeed();
  for (const event of [hello, collected.event('table'), collected.event('devices'), collected.event('module')])
    for (const fact of event ? feed.event(event) : []) lookout.take(fact);
  const ends = [
    connection.onEvent((event) => {
      if (event.type === 'observation') observations.set(event.device, event);
      for (const fact of feed.event(event)) lookout.take(fact);
    }),
    connection.onBulk(({ stream, payload }) => {
      for (const fact of feed.bulk(stream, payload)) lookout.take(fact);
    }),
  ];
  const watched = devices.flatMap(({ pciAddress: device, rings }) =>
    rings.map(({ kind, index }) => ({ device, what: `ring:${kind}:${index}` })),
  );
  try {
    onStep(`Looking at ${devices.length} network cards for ${seconds} s`);
    // What is refused is missing from the report, which says so.
    for (const { pciAddress, driver } of devices) if (driver !== null) await connection.request('observe', { device: pciAddress, hz: 1 });
    for (const thing of watched) await connection.request('watch', { ...thing, hz: ringsHz });
    const examined = await connection.request('doctor', {});
    await collected.pause(seconds * 1000);
    const doctor = examined.ok ? (collected.event('doctor')?.checks ?? null) : null;
    return makeReport(
      {
        createdUnixMs: Date.now(),
        application: applicationVersion(),
        hello,
        target: collected.event('target'),
        module: collected.event('module'),
        devices: collected.event('devices')?.devices ?? devices,
        observationOf: (device) => observations.get(device) ?? null,
        sample: collected.newestSample,
        doctor,
        alerts: lookout.book.alerts,
        outcomes: [],
        records: collected.records,
        dropped: collected.dropped,
        recording: collected.event('replay')?.name ?? null,
      },
      { keepsAddresses },
    );
  } finally {
    for (const end of ends) end();
    for (const thing of watched) await connection.request('watch', { ...thing, hz: 0 });
    for (const { pciAddress, driver } of devices) if (driver !== null) await connection.request('observe', { device: pciAddress, hz: 0 });
  }
}
