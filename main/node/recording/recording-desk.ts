// The session's recordings: starts and ends the recorder, keeps the folder, and tells the windows of both.
import { basename, join } from 'node:path';
import type { Frame } from '#common/frame.ts';
import type { AgentEvent, Arguments, Device, EventOf, Refusal, SessionEvent } from '#common/protocol.ts';
import { err, ok, type Result } from '#common/result.ts';
import type { CheckedRequest } from '../session/client.ts';
import type { KeptItem } from '../session/kept.ts';
import type { WatchDesk } from '../session/watch-desk.ts';
import { exportRecording } from './export/export-recording.ts';
import { recordsAlways, setRecordsAlways } from './record-setting.ts';
import { Recorder, type RecorderState, usualLimits } from './recorder.ts';
import { deleteRecording, listRecordings } from './recording-library.ts';
import { openFileSink } from './recording-sink.ts';
import { recordingsDirectory } from './recordings-directory.ts';

/** The session's verbs that are served here. */
export type RecordingRequest = Extract<
  CheckedRequest,
  { verb: 'record' | 'list-recordings' | 'delete-recording' | 'export-recording' | 'record-always' }
>;

/** What the desk needs of its session. */
export interface RecordingDeskOptions {
  readonly applicationVersion: string;
  readonly kept: () => Iterable<KeptItem>;
  readonly target: () => EventOf<'target'> | null;
  /** The file of the recording that is open; null when something else is inspected. */
  readonly openPath: () => string | null;
  readonly devices: () => readonly Device[];
  readonly watchDesk: WatchDesk;
  readonly tell: (event: SessionEvent) => void;
}

/** How often rings and vectors are recorded when nobody looks at them, in hertz. */
export const recordedHz = 5;

const idle: RecorderState = { state: 'idle', name: null, bytes: 0, seconds: 0, droppedFrames: 0, reason: null };

/** At most one recorder at a time. */
export class RecordingDesk {
  readonly #options: RecordingDeskOptions;
  #recorder: Recorder | null = null;
  #state: RecorderState = idle;
  #hasTold = false;

  constructor(options: RecordingDeskOptions) {
    this.#options = options;
  }

  /** The event for a window that comes late; null while nothing was ever recorded. */
  get event(): EventOf<'recording'> | null {
    return this.#hasTold ? { type: 'recording', ...this.#state } : null;
  }

  /** An agent answers: whatever shows its rings is watched while it is recorded. */
  live(): void {
    if (!this.#recorder) return;
    for (const { pciAddress: device, rings } of this.#options.devices()) {
      if (rings.length === 0) continue;
      const whats = [...rings.map(({ kind, index }) => `ring:${kind}:${index}`), 'vectors'];
      for (const what of whats) void this.#options.watchDesk.watch(this, { device, what, hz: recordedHz });
    }
  }

  takeEvent(event: AgentEvent | EventOf<'target'>): void {
    this.#recorder?.event(event);
    // After the session has taken the event itself.
    if (event.type === 'devices' && this.#recorder) queueMicrotask(() => this.live());
  }

  takeBulk(frame: Pick<Frame, 'stream' | 'payload'>): void {
    this.#recorder?.bulk(frame);
  }

  /** `onExported` hears of the file that this very request made. */
  async serve(
    request: RecordingRequest,
    onExported: (exported: EventOf<'exported'>) => void = () => undefined,
  ): Promise<Result<void, Refusal>> {
    try {
      switch (request.verb) {
        case 'record':
          return request.arguments.on ? this.record(request.arguments) : await this.#stopAsked();
        case 'list-recordings':
          await this.#tellRecordings();
          return ok(undefined);
        case 'record-always':
          setRecordsAlways(request.arguments.on);
          await this.#tellRecordings();
          return ok(undefined);
        case 'delete-recording':
          return await this.#delete(request.arguments.name);
        case 'export-recording':
          return await this.#export(request.arguments, onExported);
      }
    } catch (error) {
      return err({ code: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Begins a recording. */
  record({ fromStart = false, maximumBytes, maximumSeconds }: Omit<Arguments<'record'>, 'on'>): Result<void, Refusal> {
    if (this.#recorder) return err({ code: 'busy', message: 'This session is being recorded already.' });
    const kind = this.#options.target()?.kind ?? 'lab';
    if (kind === 'recording')
      return err({ code: 'not-available', message: 'This is a recording.', remedy: 'Inspect the lab or this machine to record it.' });
    const folder = recordingsDirectory();
    // To the millisecond, so that one recording right after another has a name of its own.
    const stamp = new Date().toISOString().replace('Z', '').replaceAll(/[:.]/g, '-');
    this.#recorder = new Recorder({
      name: `${stamp}-${kind}`,
      openSink: (fileName) => openFileSink(join(folder, fileName)),
      kept: this.#options.kept,
      fromStart,
      limits: {
        maximumBytes: maximumBytes ?? usualLimits.maximumBytes,
        maximumSeconds: maximumSeconds ?? usualLimits.maximumSeconds,
      },
      applicationVersion: this.#options.applicationVersion,
      target: this.#options.target,
      onState: (state) => this.#show(state),
    });
    this.live();
    return ok(undefined);
  }

  /** Ends the recording, if there is one; a reason is what the user did not ask for. */
  async stop(reason: string | null = null): Promise<void> {
    const recorder = this.#recorder;
    if (!recorder) return;
    await recorder.stop(reason);
    this.#ended(recorder);
  }

  #ended(recorder: Recorder): void {
    if (this.#recorder !== recorder) return;
    this.#recorder = null;
    this.#options.watchDesk.leave(this);
  }

  async #stopAsked(): Promise<Result<void, Refusal>> {
    if (!this.#recorder) return err({ code: 'not-available', message: 'Nothing is being recorded.' });
    await this.stop();
    await this.#tellRecordings();
    return ok(undefined);
  }

  #show(state: RecorderState): void {
    const before = this.#state.state;
    this.#state = state;
    this.#hasTold = true;
    this.#options.tell({ type: 'recording', ...state });
    if (state.state !== 'failed' || before === 'failed') return;
    if (this.#recorder) this.#ended(this.#recorder);
    this.#options.tell({
      type: 'notice',
      severity: 'error',
      code: 'recording-failed',
      text: `The recording ended. ${state.reason ?? ''}`.trim(),
    });
  }

  async #tellRecordings(): Promise<void> {
    const folder = recordingsDirectory();
    this.#options.tell({ type: 'recordings', folder, always: recordsAlways(), items: await listRecordings(folder) });
  }

  async #delete(name: string): Promise<Result<void, Refusal>> {
    if (this.#recorder && this.#state.name === name)
      return err({ code: 'busy', message: `${name} is being written.`, remedy: 'Stop the recording first.' });
    deleteRecording(recordingsDirectory(), name);
    await this.#tellRecordings();
    return ok(undefined);
  }

  async #export(
    { name, format, fromMs, toMs }: Arguments<'export-recording'>,
    onExported: (exported: EventOf<'exported'>) => void,
  ): Promise<Result<void, Refusal>> {
    const folder = recordingsDirectory();
    const path = name === undefined ? this.#options.openPath() : join(folder, name);
    if (path === null) return err({ code: 'not-available', message: 'No recording is open.', remedy: 'Open one, or name one to export.' });
    const done = await exportRecording({
      path,
      format,
      fromMs: fromMs ?? 0,
      toMs: toMs ?? null,
      folder: join(folder, 'exports'),
    });
    if (!done.ok) return err({ code: 'not-available', message: done.error });
    const exported: EventOf<'exported'> = { type: 'exported', name: basename(path), ...done.value };
    this.#options.tell(exported);
    onExported(exported);
    return ok(undefined);
  }
}
