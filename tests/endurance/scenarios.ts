// All scenarios, in the order in which they run.
import { hotUnplug } from './hot-unplug.ts';
import { linkFlaps } from './link-flaps.ts';
import { reconfiguration } from './reconfiguration.ts';
import { bindUnbind, loadUnload } from './reloads.ts';
import type { Scenario } from './scenario.ts';

export const scenarios: readonly Scenario[] = [loadUnload, linkFlaps, reconfiguration, bindUnbind, hotUnplug];
