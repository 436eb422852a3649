// What `driver/lab` built and where it lies: `lab.json`, written by its last step.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '#common/result.ts';
import { buildCommand } from '../installation.ts';

const schema = z.object({
  version: z.literal(1),
  /** The Debian build root, which also holds QEMU. */
  root: z.string(),
  kernelRelease: z.string(),
  kernelTree: z.string(),
  kernelImage: z.string(),
  rootImage: z.string(),
  module: z.string(),
  moduleObjects: z.array(z.string()),
  agent: z.string(),
});

/** The lab's files, as absolute paths on this machine. */
export type LabDescription = z.infer<typeof schema>;

/** Reads `$XDG_CACHE_HOME/ringscope/lab.json`. The error is a sentence that names the command to run. */
export function readLabDescription(cacheHome = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')): Result<LabDescription, string> {
  const path = join(cacheHome, 'ringscope', 'lab.json');
  if (!existsSync(path)) return err(`The lab has not been built yet: run \`${buildCommand()}\`.`);
  try {
    const lab = schema.parse(JSON.parse(readFileSync(path, 'utf8')));
    const missing = [lab.root, lab.kernelImage, lab.rootImage].find((file) => !existsSync(file));
    return missing ? err(`The lab is incomplete (${missing} is gone): run \`${buildCommand()}\`.`) : ok(lab);
  } catch {
    return err(`${path} cannot be understood: run \`${buildCommand()}\` to write it anew.`);
  }
}
