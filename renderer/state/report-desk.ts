// The report of the window: made of what it knows when it is asked for, after the doctor has looked at the machine.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { makeReport } from '#common/report/make-report.ts';
import type { ReportDocument } from '#common/report/report-document.ts';
import type { KernelLog } from './kernel-log.ts';
import { isLive } from './session-store.ts';
import type { WindowModel } from './window-model.ts';

/** The report that is shown. */
export interface ReportState {
  readonly isOpen: boolean;
  readonly keepsAddresses: boolean;
  /** Null until the doctor has answered. */
  readonly report: ReportDocument | null;
}

// A driver that does not answer by then is left out.
const observationLimitMs = 3000;

const lossOf = (dropped: Readonly<Record<number, { readonly frames: number; readonly records: number }>>): number =>
  Object.values(dropped).reduce((sum, { frames, records }) => sum + frames + records, 0);

/** What the window knows, as a report. */
export function reportOf(make: typeof makeReport, model: WindowModel, keepsAddresses: boolean, nowUnixMs: number): ReportDocument {
  const { session, target, hello, module, devices, observations, doctor, dropped, replay } = model.session.getState();
  const { alerts, outcomes } = model.alerts.store.getState();
  const { table, newest } = model.history;
  return make(
    {
      createdUnixMs: nowUnixMs,
      application: session?.application ?? null,
      hello,
      target,
      module,
      devices: devices ?? [],
      observationOf: (device) => observations[device]?.newest ?? null,
      sample: table && newest ? { sample: newest, table } : null,
      doctor: doctor?.checks ?? null,
      alerts,
      outcomes,
      records: newestRecords(model.log),
      dropped: lossOf(dropped),
      recording: replay?.name ?? null,
    },
    { keepsAddresses },
  );
}

// More than a report has room for: how much that is, is known to what makes it, which is loaded when it is needed.
const recordsOffered = 1000;

/** The newest records, oldest first. */
function newestRecords(log: KernelLog) {
  const records = [];
  for (let number = log.endNumber - 1; number >= log.firstNumber && records.length < recordsOffered; number -= 1) {
    const row = log.row(number);
    if (row?.type === 'record') records.push(row);
  }
  return records.reverse();
}

/** Opens, makes and closes the report. */
export class ReportDesk {
  readonly store: StoreApi<ReportState> = createStore<ReportState>(() => ({ isOpen: false, keepsAddresses: false, report: null }));
  readonly #model: WindowModel;

  constructor(model: WindowModel) {
    this.#model = model;
  }

  /** Shows a new report. What cannot be asked is left out of it. */
  async open(): Promise<void> {
    this.store.setState({ isOpen: true, report: null });
    const { session } = this.#model;
    const asked = session.getState().doctor === null ? this.#model.request('doctor', {}) : null;
    await Promise.all([asked, this.#observed()]);
    await this.#make();
  }

  async keepAddresses(keepsAddresses: boolean): Promise<void> {
    this.store.setState({ keepsAddresses });
    if (this.store.getState().report !== null) await this.#make();
  }

  close(): void {
    this.store.setState({ isOpen: false, report: null });
  }

  /** Link, PCIe and the driver's own counters come from an observation: of devices that no panel observes, one is asked for and awaited. */
  async #observed(): Promise<void> {
    const { session, observed } = this.#model;
    if (!isLive(session.getState())) return;
    const missing = () => {
      const { devices, observations } = session.getState();
      return (devices ?? []).filter(({ pciAddress, driver }) => driver !== null && !observations[pciAddress]);
    };
    const wanted = missing().map(({ pciAddress }) => observed.want({ device: pciAddress, what: 'observation', hz: 1 }));
    if (wanted.length === 0) return;
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(limit);
        unsubscribe();
        resolve();
      };
      const limit = setTimeout(() => end(), observationLimitMs);
      const unsubscribe = session.subscribe(() => {
        if (missing().length === 0) end();
      });
    });
    for (const release of wanted) release();
  }

  async #make(): Promise<void> {
    const { makeReport } = await import('#common/report/make-report.ts');
    if (!this.store.getState().isOpen) return;
    this.store.setState(({ keepsAddresses }) => ({ report: reportOf(makeReport, this.#model, keepsAddresses, Date.now()) }));
  }
}
