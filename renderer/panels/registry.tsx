// Every panel there is, one entry each, in the order of the rail. A panel is loaded when it is first shown.
import {
  Activity,
  Binary,
  Columns2,
  Cpu,
  Disc,
  FlaskConical,
  LayoutDashboard,
  type LucideIcon,
  Microscope,
  Rows3,
  ScrollText,
  Sigma,
  SquareTerminal,
  Stethoscope,
  TriangleAlert,
  Truck,
  Zap,
} from 'lucide-react';
import { type ComponentType, lazy } from 'react';

/** A panel that the workbench can hold. */
export interface PanelEntry {
  /** Stands in kept layouts: never to be changed. */
  readonly id: string;
  /** On its tab, in the palette, and as its region's name. */
  readonly name: string;
  readonly icon: LucideIcon;
  readonly Content: ComponentType;
  /** Key combination that shows it (`ui/key-combination.ts`), unless it was bound anew. */
  readonly key: string | null;
}

const queues = lazy(async () => ({ default: (await import('./queues/queues-panel.tsx')).QueuesPanel }));
const descriptors = lazy(async () => ({ default: (await import('./descriptors/descriptors-panel.tsx')).DescriptorsPanel }));
const interrupts = lazy(async () => ({ default: (await import('./interrupts/interrupts-panel.tsx')).InterruptsPanel }));
const registers = lazy(async () => ({ default: (await import('./registers/registers-panel.tsx')).RegistersPanel }));
const log = lazy(async () => ({ default: (await import('./log/log-panel.tsx')).LogPanel }));
const statistics = lazy(async () => ({ default: (await import('./statistics/statistics-panel.tsx')).StatisticsPanel }));
const traffic = lazy(async () => ({ default: (await import('./traffic/traffic-panel.tsx')).TrafficPanel }));
const lab = lazy(async () => ({ default: (await import('./lab/lab-panel.tsx')).LabPanel }));
const comparison = lazy(async () => ({ default: (await import('./comparison/comparison-panel.tsx')).ComparisonPanel }));
const overview = lazy(async () => ({ default: (await import('./overview/overview-panel.tsx')).OverviewPanel }));
const machine = lazy(async () => ({ default: (await import('./machine/machine-view.tsx')).MachineView }));
const recordings = lazy(async () => ({ default: (await import('./recordings/recordings-view.tsx')).RecordingsView }));
const terminal = lazy(async () => ({ default: (await import('./terminal/terminal-view.tsx')).TerminalView }));
const alerts = lazy(async () => ({ default: (await import('./alerts/alerts-panel.tsx')).AlertsPanel }));
const autopsy = lazy(async () => ({ default: (await import('./autopsy/autopsy-panel.tsx')).AutopsyPanel }));
const doctor = lazy(async () => ({ default: (await import('./doctor/doctor-view.tsx')).DoctorView }));

/** All panels. */
export const panels: readonly PanelEntry[] = [
  { id: 'overview', name: 'Overview', icon: LayoutDashboard, Content: overview, key: 'Digit7' },
  { id: 'queues', name: 'Queues', icon: Activity, Content: queues, key: 'Digit1' },
  { id: 'descriptors', name: 'Descriptors', icon: Rows3, Content: descriptors, key: 'Digit2' },
  { id: 'interrupts', name: 'Interrupts', icon: Zap, Content: interrupts, key: 'Digit3' },
  { id: 'registers', name: 'Registers', icon: Binary, Content: registers, key: 'Digit9' },
  { id: 'log', name: 'Kernel log', icon: ScrollText, Content: log, key: 'Digit4' },
  { id: 'statistics', name: 'Statistics', icon: Sigma, Content: statistics, key: 'Digit5' },
  { id: 'traffic', name: 'Traffic', icon: Truck, Content: traffic, key: 'Digit6' },
  { id: 'lab', name: 'Lab', icon: FlaskConical, Content: lab, key: null },
  { id: 'comparison', name: 'Side by side', icon: Columns2, Content: comparison, key: null },
  { id: 'machine', name: 'Machine', icon: Cpu, Content: machine, key: null },
  { id: 'alerts', name: 'Alerts', icon: TriangleAlert, Content: alerts, key: 'Digit8' },
  { id: 'autopsy', name: 'Autopsy', icon: Microscope, Content: autopsy, key: null },
  { id: 'recordings', name: 'Recordings', icon: Disc, Content: recordings, key: null },
  { id: 'terminal', name: 'Terminal', icon: SquareTerminal, Content: terminal, key: null },
  { id: 'doctor', name: 'Doctor', icon: Stethoscope, Content: doctor, key: null },
];

/** Names by id. */
export const panelNames: ReadonlyMap<string, string> = new Map(panels.map(({ id, name }) => [id, name]));

/** The panel of this id. */
export const panelOf = (id: string): PanelEntry | undefined => panels.find((panel) => panel.id === id);
