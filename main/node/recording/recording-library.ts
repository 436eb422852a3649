// The recordings of this user: what there is, and how to be rid of one.
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type RecordingItem, recordingName } from '#common/protocol/recording.ts';
import { RecordingReader } from './recording-reader.ts';

const remembered = new Map<string, { readonly stamp: string; readonly item: RecordingItem }>();

/** Every recording in a folder, newest first. One that cannot be read is listed with the reason. */
export async function listRecordings(folder: string): Promise<RecordingItem[]> {
  const names = readdirSync(folder).filter((name) => recordingName.safeParse(name).success);
  const items: RecordingItem[] = [];
  for (const name of names) {
    const item = await describe(folder, name);
    if (item) items.push(item);
  }
  return items.sort((a, b) => b.startedUnixMs - a.startedUnixMs || b.name.localeCompare(a.name));
}

/** Removes one; the caller has checked that it is a name and no path. */
export function deleteRecording(folder: string, name: string): void {
  rmSync(join(folder, name));
}

async function describe(folder: string, name: string): Promise<RecordingItem | null> {
  const path = join(folder, name);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) return null;
  const stamp = `${stat.size} ${stat.mtimeMs}`;
  const known = remembered.get(path);
  if (known?.stamp === stamp) return known.item;
  const opened = await RecordingReader.open(path);
  const item: RecordingItem = { name, bytes: stat.size, startedUnixMs: stat.birthtimeMs, seconds: 0, complete: false, remark: null };
  if (!opened.ok) return { ...item, remark: opened.error };
  const reader = opened.value;
  await reader.close();
  const described: RecordingItem = {
    ...item,
    startedUnixMs: Number(reader.startNs / 1_000_000n),
    seconds: Number((reader.endNs - reader.startNs) / 1_000_000n) / 1000,
    complete: reader.index.isComplete,
    remark: reader.remark,
  };
  remembered.set(path, { stamp, item: described });
  return described;
}
