// The timeline by keyboard: arrows step, Home and End go to its ends, + and − zoom, Page Up and Page Down move on by what is in sight.
import type { WindowModel } from '../../state/window-model.ts';
import { seek, seekBy } from '../../ui/replay-commands.ts';
import type { TimelineAxis } from './timeline-axis.ts';

const arrowMs = 1000;
const stepShare = 0.01;
const longStep = 10;
const zoomStep = 1.5;

function step(model: WindowModel, axis: TimelineAxis, direction: 1 | -1, isFar: boolean): void {
  const far = isFar ? longStep : 1;
  if (axis.isRecording) seekBy(model, direction * arrowMs * far);
  else axis.step(direction * stepShare * far);
}

/** Does what a key means on the timeline (Shift: `isFar`); false when it means nothing there. */
export function runTimelineKey(model: WindowModel, axis: TimelineAxis, key: string, isFar: boolean): boolean {
  const { range, kept, isRecording } = axis;
  const middle = model.time.getState().chosenSeconds ?? (range.from + range.to) / 2;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      step(model, axis, 1, isFar);
      return true;
    case 'ArrowLeft':
    case 'ArrowDown':
      step(model, axis, -1, isFar);
      return true;
    case 'Home':
      if (isRecording) seek(model, 0);
      else axis.choose(kept?.from ?? 0);
      return true;
    case 'End':
      if (isRecording) seek(model, model.session.getState().replay?.durationMs ?? 0);
      else axis.follow();
      return true;
    case '+':
    case '=':
      axis.zoom(1 / zoomStep, middle);
      return true;
    case '-':
      axis.zoom(zoomStep, middle);
      return true;
    case 'PageUp':
      axis.pan(range.from - range.to);
      return true;
    case 'PageDown':
      axis.pan(range.to - range.from);
      return true;
    case 'Escape':
      model.time.setState({ chosenSeconds: null });
      return true;
    default:
      return false;
  }
}
