// What a second start of the application asks of the one that runs: to come to the front, and to open a recording if it was started on one.
import { isAbsolute } from 'node:path';
import { z } from 'zod';

// Electron hands it over as JSON. Its `argv` may come in another order and with Chromium's own switches in it.
const secondStart = z.object({ recording: z.string().refine(isAbsolute).nullable() });
type SecondStart = z.infer<typeof secondStart>;

/** What this process asks, if another runs already. */
export const askedOfFirst = (recording: string | null): SecondStart => ({ recording });

/** The recording that a second start asks for; null when it asks for none, or is of another version and asks for what is not known here. */
export function recordingAsked(data: unknown): string | null {
  const asked = secondStart.safeParse(data);
  return asked.success ? asked.data.recording : null;
}
