// The layouts of the window, in the order of the rail: each is a workbench of its own, remembered by itself. Here stands what each shows at first.
import { Activity, Cpu, Disc, FlaskConical, type LucideIcon, SquareTerminal, Stethoscope, TriangleAlert } from 'lucide-react';
import type { Arrangement } from '../state/dock-layout.ts';

/** A workbench with a name. */
export interface Layout {
  /** Stands in what is kept: never to be changed. */
  readonly id: string;
  readonly name: string;
  readonly icon: LucideIcon;
  /** Everything in it is about the target: until that answers, its start is shown instead. */
  readonly isAboutTarget: boolean;
  readonly firstRun: Arrangement;
}

// The frame of look.md. The bounds are such that 1280×720 shows a ring, its descriptors and the log without scrolling, and more room shows more of each.
const inspect: Arrangement = {
  weight: 1,
  split: 'rows',
  parts: [
    { weight: 24, least: 168, most: 380, tabs: ['queues', 'overview'] },
    {
      weight: 76,
      split: 'columns',
      parts: [
        {
          weight: 66,
          split: 'rows',
          parts: [
            { weight: 58, least: 150, tabs: ['descriptors', 'registers'] },
            { weight: 42, least: 130, tabs: ['log'] },
          ],
        },
        {
          weight: 34,
          least: 400,
          most: 760,
          split: 'rows',
          parts: [
            { weight: 46, least: 210, tabs: ['interrupts'] },
            { weight: 54, least: 150, tabs: ['statistics', 'traffic'] },
          ],
        },
      ],
    },
  ],
};

const machine: Arrangement = {
  weight: 1,
  split: 'rows',
  parts: [
    { weight: 36, least: 190, most: 260, tabs: ['overview'] },
    { weight: 64, tabs: ['machine'] },
  ],
};

// What is done to the lab stands beside what comes of it.
const lab: Arrangement = {
  weight: 1,
  split: 'columns',
  parts: [
    {
      weight: 36,
      least: 400,
      most: 640,
      split: 'rows',
      parts: [
        { weight: 52, least: 260, tabs: ['lab'] },
        { weight: 48, least: 230, tabs: ['traffic'] },
      ],
    },
    {
      weight: 64,
      split: 'rows',
      parts: [
        { weight: 76, least: 240, tabs: ['comparison'] },
        { weight: 24, least: 130, tabs: ['log'] },
      ],
    },
  ],
};

const alerts: Arrangement = {
  weight: 1,
  split: 'columns',
  parts: [
    { weight: 50, least: 400, tabs: ['alerts'] },
    { weight: 50, least: 400, tabs: ['autopsy'] },
  ],
};

const alone = (panel: string): Arrangement => ({ weight: 1, tabs: [panel] });

/** All layouts; the first is shown first. */
export const layouts: readonly Layout[] = [
  { id: 'inspect', name: 'Inspect', icon: Activity, isAboutTarget: true, firstRun: inspect },
  { id: 'machine', name: 'Machine', icon: Cpu, isAboutTarget: true, firstRun: machine },
  { id: 'lab', name: 'Lab', icon: FlaskConical, isAboutTarget: true, firstRun: lab },
  { id: 'alerts', name: 'Alerts', icon: TriangleAlert, isAboutTarget: true, firstRun: alerts },
  { id: 'recordings', name: 'Recordings', icon: Disc, isAboutTarget: false, firstRun: alone('recordings') },
  { id: 'terminal', name: 'Terminal', icon: SquareTerminal, isAboutTarget: false, firstRun: alone('terminal') },
  { id: 'doctor', name: 'Doctor', icon: Stethoscope, isAboutTarget: false, firstRun: alone('doctor') },
];

/** The layout of this id, or the first. */
export const layoutOf = (id: string): Layout => layouts.find((layout) => layout.id === id) ?? (layouts[0] as Layout);
