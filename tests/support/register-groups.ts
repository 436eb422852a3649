// The files of assets/registers as a test reads them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RegisterGroup, registerGroup } from '#common/registers/register-description.ts';

const folder = join(import.meta.dirname, '../../assets/registers/82576');

/** Names of the files, in the order in which the window shows them. */
export const registerFileNames = (): readonly string[] => readdirSync(folder).sort();

/** One file as it is, unchecked. */
export const rawRegisterGroup = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));

/** All of them, checked. */
export const registerGroups = (): readonly RegisterGroup[] =>
  registerFileNames().map((name) => registerGroup.parse(rawRegisterGroup(name)));
