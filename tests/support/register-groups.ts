// The files of assets/registers as a test reads them.
import { readdirSync, readFileSync } from 'node:fs';
import { type RegisterGroup, registerGroup } from '#common/registers/register-description.ts';

const folder = new URL('../../assets/registers/82576/', import.meta.url);

/** Names of the files, in the order in which the window shows them. */
export const registerFileNames = (): readonly string[] => readdirSync(folder).sort();

/** One file as it is, unchecked. */
export const rawRegisterGroup = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

/** All of them, checked. */
export const registerGroups = (): readonly RegisterGroup[] =>
  registerFileNames().map((name) => registerGroup.parse(rawRegisterGroup(name)));
