// Recording and replay by name and by key.
import type { WindowModel } from '../state/window-model.ts';
import type { Command } from './commands.ts';

/** Starts a recording, or ends the one that runs. */
export function toggleRecording(model: WindowModel, fromStart = false): void {
  const isRecording = model.session.getState().recording?.state === 'recording';
  void model.ask('record', isRecording ? { on: false } : { on: true, fromStart });
}

/** Plays or pauses the open recording. */
export function togglePlay(model: WindowModel): void {
  void model.ask('replay', { playing: !model.session.getState().replay?.playing });
}

// Where each window was told to go and has not arrived: keys that are pressed quickly count from there, not from where the recording still stands.
const wanted = new WeakMap<WindowModel, { readonly jump: number; readonly positionMs: number }>();

/** Where the open recording stands, or is about to. */
export function positionOf(model: WindowModel): number {
  const replay = model.session.getState().replay;
  const asked = wanted.get(model);
  return asked && asked.jump === replay?.jump ? asked.positionMs : (replay?.positionMs ?? 0);
}

/** Goes to a position within the open recording. */
export function seek(model: WindowModel, positionMs: number): void {
  const replay = model.session.getState().replay;
  if (!replay) return;
  const within = Math.min(replay.durationMs, Math.max(0, positionMs));
  wanted.set(model, { jump: replay.jump, positionMs: within });
  void model.ask('replay', { positionMs: within });
}

/** Goes so far from where the recording stands. */
export function seekBy(model: WindowModel, byMs: number): void {
  seek(model, positionOf(model) + byMs);
}

// A mark that the recording stands on is left behind.
const nearMs = 50;

/** Goes to the next mark, or to the one before. */
export function seekMark(model: WindowModel, direction: 1 | -1): void {
  const replay = model.session.getState().replay;
  if (!replay) return;
  const { marks } = replay;
  const positionMs = positionOf(model);
  const next =
    direction === 1
      ? marks.find(({ timeMs }) => timeMs > positionMs + nearMs)
      : marks.findLast(({ timeMs }) => timeMs < positionMs - nearMs);
  if (next) seek(model, next.timeMs);
}

/** The commands of recording and replay. */
export function replayCommands(model: WindowModel): readonly Command[] {
  return [
    { group: 'Recording', name: 'Record, or stop recording', key: 'KeyR', run: () => toggleRecording(model) },
    {
      group: 'Recording',
      name: 'Record from the session’s start, as far as it is kept',
      key: null,
      run: () => toggleRecording(model, true),
    },
    { group: 'Recording', name: 'Recording: play or pause', key: 'KeyK', run: () => togglePlay(model) },
    { group: 'Recording', name: 'Recording: ten seconds back', key: 'KeyJ', run: () => seekBy(model, -10_000) },
    { group: 'Recording', name: 'Recording: ten seconds on', key: 'KeyL', run: () => seekBy(model, 10_000) },
    { group: 'Recording', name: 'Recording: to the next mark', key: 'KeyN', run: () => seekMark(model, 1) },
    { group: 'Recording', name: 'Recording: to the mark before', key: 'KeyB', run: () => seekMark(model, -1) },
    { group: 'Recording', name: 'Recording: to its start', key: null, run: () => seek(model, 0) },
  ];
}
