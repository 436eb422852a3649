// A target is a way to start an agent and get its pipe: the lab guest, later this machine and others over ssh.
import type { Duplex } from 'node:stream';
import type { Arguments, EventOf, TargetChoice } from '#common/protocol.ts';
import type { Unsubscribe } from '#common/transport.ts';
import type { LabControl } from './lab/lab-ports.ts';

/** The wire's `target` event without its type (driver/wire/README.md). */
export interface TargetState {
  readonly kind: TargetChoice['kind'];
  readonly phase: 'preparing' | 'booting' | 'connecting' | 'live' | 'stopped' | 'failed';
  /** What it is doing, or how it ended, in words. */
  readonly step: string;
  /** Since `start`, at the time of the last change. */
  readonly elapsedMs: number;
  readonly accelerator: 'kvm' | 'tcg' | null;
  readonly machine: string | null;
  readonly reason: { readonly title: string; readonly detail: string; readonly remedy: string } | null;
  /** The guest's last console lines, oldest first; empty while all is well. */
  readonly lastConsoleLines: readonly string[];
}

/** What can be asked of a recording that is open. */
export type ReplayRequest = Arguments<'replay'>;

/** Time in a target that has been recorded. */
export interface ReplayControl {
  /** The recording's file. */
  readonly path: string;
  /** Plays, pauses, goes faster, goes elsewhere; false when the recording is not open. */
  request(asked: ReplayRequest): boolean;
  /** Calls back with where it stands, at once if it is open, and with every change. */
  onReplay(listener: (replay: EventOf<'replay'>) => void): Unsubscribe;
  /** Another instant is shown from now on: the next pipe tells everything anew. */
  onJump(listener: () => void): Unsubscribe;
}

/** A recording by its absolute path. Only this machine's own user says one, by the command line or a file dialog: a window on the wire names files of the folder. */
export interface RecordingFile {
  readonly kind: 'recording';
  readonly path: string;
}

/** What is to be inspected. */
export type ChosenTarget = TargetChoice | RecordingFile;

/** Makes the target that a user chose; it is not started yet. Throws an Error with a sentence when it cannot be had. */
export type CreateTarget = (choice: ChosenTarget) => Target;

/** Starts and ends whatever runs the agent, and says how it stands. */
export interface Target extends AsyncDisposable {
  /** Starts it (anew, if it runs). What goes wrong becomes the state `failed` with its reason. */
  start(): Promise<void>;
  /** Ends everything that was started. */
  stop(): Promise<void>;
  /** Calls back at once with the state as it is, then with every change. */
  onState(listener: (state: TargetState) => void): Unsubscribe;
  /** A fresh pipe to an agent, and another after each restart of it. */
  onPipe(listener: (pipe: Duplex) => void): Unsubscribe;
  onConsole(listener: (bytes: Uint8Array) => void): Unsubscribe;
  writeConsole(text: string): void;
  /** Only the lab has it. */
  readonly lab?: LabControl;
  /** Only a recording has one. */
  readonly replay?: ReplayControl;
}
