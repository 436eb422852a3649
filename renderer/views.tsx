// The views of the window, in the order of the rail at its left.
import { Activity, Cpu, type LucideIcon, Stethoscope } from 'lucide-react';
import type { ComponentType } from 'react';
import { DoctorView } from './panels/doctor/doctor-view.tsx';
import { InspectView } from './panels/inspect/inspect-view.tsx';
import { MachineView } from './panels/machine/machine-view.tsx';

/** What fills the window between header and status bar. */
export interface View {
  readonly id: string;
  readonly name: string;
  readonly icon: LucideIcon;
  readonly Content: ComponentType;
}

const inspect: View = { id: 'inspect', name: 'Inspect', icon: Activity, Content: InspectView };
const machine: View = { id: 'machine', name: 'Machine', icon: Cpu, Content: MachineView };
const doctor: View = { id: 'doctor', name: 'Doctor', icon: Stethoscope, Content: DoctorView };

/** All views; the first is shown first. */
export const views: readonly View[] = [inspect, machine, doctor];

/** The view of this id, or the first. */
export const viewOf = (id: string): View => views.find((view) => view.id === id) ?? inspect;
