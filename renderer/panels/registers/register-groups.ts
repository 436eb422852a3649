// The 82576's registers from assets/registers, in a chunk of their own: whoever needs them imports this file when the time comes.
import { registerGroup } from '#common/registers/register-description.ts';
import { RegisterFile } from '#common/registers/register-file.ts';

const files = import.meta.glob<unknown>('../../../assets/registers/82576/*.json', { eager: true, import: 'default' });

/** The card's registers, groups in the order of the files' names. */
export const registers82576 = new RegisterFile(
  Object.keys(files)
    .sort()
    .map((path) => registerGroup.parse(files[path])),
);
