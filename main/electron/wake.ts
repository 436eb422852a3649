// After the machine has slept, what was connected may only look so: the session asks its agent whether it still answers.
import { powerMonitor } from 'electron';

/** Calls back each time the machine wakes up. To be called after `ready`. */
export function onWake(check: () => void): void {
  powerMonitor.on('resume', check);
}
