// Time by name and by key: the screen stands still and goes on, instants are marked, what is in sight changes.
import { leastSpanSeconds, mostSpanSeconds, zoomed } from '../state/time-window.ts';
import type { WindowModel } from '../state/window-model.ts';
import type { Command } from './commands.ts';
import { togglePlay } from './replay-commands.ts';

/** Lets the screen stand still, or go on; a recording pauses and plays instead, since its time is its own. */
export function togglePause(model: WindowModel): void {
  if (model.session.getState().replay) togglePlay(model);
  else if (model.time.getState().pausedSeconds !== null) model.standstill.goOn();
  else model.standstill.pause();
}

/** Marks the instant that is looked at: the chosen one, else the one that is shown. */
export function setMark(model: WindowModel, mark: 'A' | 'B'): void {
  const seconds = model.time.getState().chosenSeconds ?? model.history.shownSeconds;
  if (Number.isNaN(seconds)) return;
  model.time.setState(mark === 'A' ? { markASeconds: seconds } : { markBSeconds: seconds });
}

function zoomBy(model: WindowModel, factor: number): void {
  const { oldestSeconds, newestSeconds } = model.history.series;
  if (Number.isNaN(newestSeconds)) return;
  const { spanSeconds, endSeconds } = model.time.getState();
  const middle = (endSeconds ?? newestSeconds) - spanSeconds / 2;
  model.time.setState(zoomed({ spanSeconds, endSeconds }, factor, middle, { from: oldestSeconds, to: newestSeconds }));
}

function showAll(model: WindowModel): void {
  const { oldestSeconds, newestSeconds } = model.history.series;
  if (Number.isNaN(newestSeconds)) return;
  model.time.setState({ spanSeconds: mostSpanSeconds({ from: oldestSeconds, to: newestSeconds }), endSeconds: null });
}

/** The commands of time. */
export function timeCommands(model: WindowModel): readonly Command[] {
  return [
    { name: 'Pause the screen, or go on', key: 'Space', run: () => togglePause(model) },
    { name: 'Time: set mark A', key: 'BracketLeft', run: () => setMark(model, 'A') },
    { name: 'Time: set mark B', key: 'BracketRight', run: () => setMark(model, 'B') },
    { name: 'Time: forget marks A and B', key: null, run: () => model.time.setState({ markASeconds: null, markBSeconds: null }) },
    { name: 'Time: show more', key: null, run: () => zoomBy(model, 2) },
    { name: 'Time: show less', key: null, run: () => zoomBy(model, 0.5) },
    { name: `Time: show ${leastSpanSeconds} seconds`, key: null, run: () => model.time.setState({ spanSeconds: leastSpanSeconds }) },
    { name: 'Time: show all that is kept', key: null, run: () => showAll(model) },
    { name: 'Time: back to the newest', key: null, run: () => model.time.setState({ chosenSeconds: null, endSeconds: null }) },
  ];
}
