// The views of the window, in the order of the rail at its left.
import { Activity, Disc, type LucideIcon, SquareTerminal } from 'lucide-react';
import type { ComponentType } from 'react';
import { InspectView } from './panels/inspect/inspect-view.tsx';
import { RecordingsView } from './panels/recordings/recordings-view.tsx';
import { TerminalView } from './panels/terminal/terminal-view.tsx';

/** What fills the window between header and status bar. */
export interface View {
  readonly id: string;
  readonly name: string;
  readonly icon: LucideIcon;
  readonly Content: ComponentType;
}

const inspect: View = { id: 'inspect', name: 'Inspect', icon: Activity, Content: InspectView };
const recordings: View = { id: 'recordings', name: 'Recordings', icon: Disc, Content: RecordingsView };
const terminal: View = { id: 'terminal', name: 'Terminal', icon: SquareTerminal, Content: TerminalView };

/** All views; the first is shown first. */
export const views: readonly View[] = [inspect, recordings, terminal];

/** The view of this id, or the first. */
export const viewOf = (id: string): View => views.find((view) => view.id === id) ?? inspect;
