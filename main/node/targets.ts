// Every target there is, by what a user chose.
import { join } from 'node:path';
import type { TargetChoice } from '#common/protocol.ts';
import { createLabTarget } from './lab/lab-target.ts';
import { RecordingTarget } from './recording/recording-target.ts';
import { recordingsDirectory } from './recording/recordings-directory.ts';
import type { CreateTarget, Target } from './target.ts';

/** Makes targets whose runtime directory has this name. */
export function createTargets({ name }: { name: string }): CreateTarget {
  return (choice: TargetChoice): Target => {
    switch (choice.kind) {
      case 'lab':
        return createLabTarget({ name });
      case 'local':
        throw new Error(`The target ${choice.kind} is not there yet.`);
      case 'recording':
        return new RecordingTarget(join(recordingsDirectory(), choice.name));
    }
  };
}
