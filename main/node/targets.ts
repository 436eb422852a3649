// Every target there is, by what a user chose.
import { dirname, join } from 'node:path';
import { createLabTarget } from './lab/lab-target.ts';
import { LocalTarget, localMachine } from './local/local-target.ts';
import { RecordingTarget } from './recording/recording-target.ts';
import { recordingsDirectory } from './recording/recordings-directory.ts';
import type { ChosenTarget, CreateTarget, Target } from './target.ts';

/** Makes targets whose runtime directory has this name; `allowsWrites` lets a local agent write registers. */
export function createTargets({ name, allowsWrites = false }: { name: string; allowsWrites?: boolean }): CreateTarget {
  return (choice: ChosenTarget): Target => {
    switch (choice.kind) {
      case 'lab':
        return createLabTarget({ name });
      case 'local':
        return new LocalTarget(choice.observe ? 'observe' : 'change', localMachine(allowsWrites));
      case 'recording':
        if ('path' in choice) return new RecordingTarget(choice.path, { elsewhere: dirname(choice.path) !== recordingsDirectory() });
        return new RecordingTarget(join(recordingsDirectory(), choice.name));
    }
  };
}
