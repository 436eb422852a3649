// The views of the window, in the order of the rail at its left.
import { Activity, Binary, Cpu, Disc, type LucideIcon, SquareTerminal, Stethoscope } from 'lucide-react';
import type { ComponentType } from 'react';
import { DoctorView } from './panels/doctor/doctor-view.tsx';
import { InspectView } from './panels/inspect/inspect-view.tsx';
import { MachineView } from './panels/machine/machine-view.tsx';
import { RecordingsView } from './panels/recordings/recordings-view.tsx';
import { RegistersView } from './panels/registers/registers-view.tsx';
import { TerminalView } from './panels/terminal/terminal-view.tsx';

/** What fills the window between header and status bar. */
export interface View {
  readonly id: string;
  readonly name: string;
  readonly icon: LucideIcon;
  readonly Content: ComponentType;
}

const inspect: View = { id: 'inspect', name: 'Inspect', icon: Activity, Content: InspectView };
const registers: View = { id: 'registers', name: 'Registers', icon: Binary, Content: RegistersView };
const machine: View = { id: 'machine', name: 'Machine', icon: Cpu, Content: MachineView };
const recordings: View = { id: 'recordings', name: 'Recordings', icon: Disc, Content: RecordingsView };
const terminal: View = { id: 'terminal', name: 'Terminal', icon: SquareTerminal, Content: TerminalView };
const doctor: View = { id: 'doctor', name: 'Doctor', icon: Stethoscope, Content: DoctorView };

/** All views; the first is shown first. */
export const views: readonly View[] = [inspect, registers, machine, recordings, terminal, doctor];

/** The view of this id, or the first. */
export const viewOf = (id: string): View => views.find((view) => view.id === id) ?? inspect;
