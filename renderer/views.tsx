// The views of the window, in the order of the rail at its left.
import { Activity, type LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import { InspectView } from './panels/inspect/inspect-view.tsx';

/** What fills the window between header and status bar. */
export interface View {
  readonly id: string;
  readonly name: string;
  readonly icon: LucideIcon;
  readonly Content: ComponentType;
}

const inspect: View = { id: 'inspect', name: 'Inspect', icon: Activity, Content: InspectView };

/** All views; the first is shown first. */
export const views: readonly View[] = [inspect];

/** The view of this id, or the first. */
export const viewOf = (id: string): View => views.find((view) => view.id === id) ?? inspect;
