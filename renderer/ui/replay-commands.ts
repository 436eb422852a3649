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

/** Goes to a position within the open recording. */
export function seek(model: WindowModel, positionMs: number): void {
  const replay = model.session.getState().replay;
  if (replay) void model.ask('replay', { positionMs: Math.min(replay.durationMs, Math.max(0, positionMs)) });
}

/** Goes so far from where the recording stands. */
export function seekBy(model: WindowModel, byMs: number): void {
  const replay = model.session.getState().replay;
  if (replay) seek(model, replay.positionMs + byMs);
}

// A mark that the recording stands on is left behind.
const nearMs = 50;

/** Goes to the next mark, or to the one before. */
export function seekMark(model: WindowModel, direction: 1 | -1): void {
  const replay = model.session.getState().replay;
  if (!replay) return;
  const { marks, positionMs } = replay;
  const next =
    direction === 1
      ? marks.find(({ timeMs }) => timeMs > positionMs + nearMs)
      : marks.findLast(({ timeMs }) => timeMs < positionMs - nearMs);
  if (next) seek(model, next.timeMs);
}

/** The commands of recording and replay. */
export function replayCommands(model: WindowModel): readonly Command[] {
  return [
    { name: 'Record, or stop recording', key: 'r', run: () => toggleRecording(model) },
    { name: 'Record from the session’s start, as far as it is kept', key: null, run: () => toggleRecording(model, true) },
    { name: 'Recording: play or pause', key: 'k', run: () => togglePlay(model) },
    { name: 'Recording: ten seconds back', key: 'j', run: () => seekBy(model, -10_000) },
    { name: 'Recording: ten seconds on', key: 'l', run: () => seekBy(model, 10_000) },
    { name: 'Recording: to the next mark', key: 'n', run: () => seekMark(model, 1) },
    { name: 'Recording: to the mark before', key: 'b', run: () => seekMark(model, -1) },
    { name: 'Recording: to its start', key: null, run: () => seek(model, 0) },
  ];
}
