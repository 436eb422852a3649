// What a process has started, read from /proc.
import { readdirSync, readFileSync } from 'node:fs';

/** A file of a process; empty when the process is gone. */
function procFile(pid: number | string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** The command line of a process with spaces between its words; empty when it is gone. */
export function commandLine(pid: number): string {
  return procFile(pid, 'cmdline').replaceAll('\0', ' ');
}

/** Every process that descends from `root` and runs now: process id → command line. */
export function descendants(root: number): Map<number, string> {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = Number(/^PPid:\s*(\d+)/m.exec(procFile(name, 'status'))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = new Map<number, string>();
  const add = (pid: number) => {
    for (const child of children.get(pid) ?? []) {
      found.set(child, commandLine(child));
      add(child);
    }
  };
  add(root);
  return found;
}
