// One check of the doctor.
import type { DoctorCheck } from '#common/protocol/machine.ts';
import type { MachineFacts } from './machine-facts.ts';

/** What a check found; its name is given by the list. */
export type Finding = Omit<DoctorCheck, 'name'>;

/** Looks at a machine and says how it is, why that matters, and the command that mends it. */
export type Check = (facts: MachineFacts) => Finding | Promise<Finding>;

export const fine = (why: string): Finding => ({ state: 'ok', why, fix: '' });
export const warning = (why: string, fix: string): Finding => ({ state: 'warn', why, fix });
export const failure = (why: string, fix: string): Finding => ({ state: 'fail', why, fix });
