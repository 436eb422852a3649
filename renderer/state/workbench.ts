// The workbench as commands and panels reach it: which panels are open, and what can be done with them. The dock attaches itself once it is loaded.
import { createStore } from 'zustand/vanilla';

export type Side = 'left' | 'right' | 'above' | 'below';

/** What the dock does. Panels are named by their id in the registry; without one the focused panel is meant. */
export interface DockActions {
  /** Brings a panel to the front, opens it where it is not open, and gives it the focus. */
  show(panel: string): void;
  close(panel?: string): void;
  /** Gives the focus to the next group of panels, or to the one before. */
  focusNext(direction: 1 | -1): void;
  /** Shows the next tab of the focused group. */
  nextTab(direction: 1 | -1): void;
  /** Lets the focused panel have the whole workbench, or gives the others their places back. */
  toggleMaximised(): void;
  /** Moves the focused panel into a place of its own beside its group. */
  split(side: Side): void;
  /** Makes the focused group larger or smaller by some pixels. */
  resize(change: { readonly width?: number; readonly height?: number }): void;
  /** The first-run layout again. */
  reset(): void;
}

/** What is open. */
export interface WorkbenchState {
  /** Ids of the panels that the layout holds, and of those that are in sight. */
  readonly open: readonly string[];
  readonly visible: readonly string[];
  readonly isMaximised: boolean;
}

/** The way to the dock. What is asked for before it has been loaded is done then. */
export class Workbench {
  readonly store = createStore<WorkbenchState>(() => ({ open: [], visible: [], isMaximised: false }));
  #actions: DockActions | null = null;
  #waiting: ((actions: DockActions) => void)[] = [];

  /** The dock is there until the returned function is called. */
  attach(actions: DockActions): () => void {
    this.#actions = actions;
    for (const run of this.#waiting.splice(0)) run(actions);
    return () => {
      if (this.#actions === actions) this.#actions = null;
    };
  }

  /** Does something with the dock, now or once it is there. */
  act(run: (actions: DockActions) => void): void {
    if (this.#actions) run(this.#actions);
    else this.#waiting.push(run);
  }

  /** Brings a panel to the front and gives it the focus. */
  show(panel: string): void {
    this.act((actions) => actions.show(panel));
  }
}
