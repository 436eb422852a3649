// Lists of CPUs as the kernel writes them in /proc/irq: `0-3,8`.
import { cpuLimit } from '#common/protocol/interrupt-control.ts';
import { err, ok, type Result } from '#common/result.ts';

/** The list of some CPUs, in ascending order. */
export function formatCpuList(cpus: readonly number[]): string {
  const sorted = [...new Set(cpus)].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const cpu of sorted) {
    const last = ranges.at(-1);
    if (last && last[1] + 1 === cpu) last[1] = cpu;
    else ranges.push([cpu, cpu]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(',');
}

/** The CPUs of a list, ascending; the error is a sentence. */
export function readCpuList(text: string): Result<number[], string> {
  const cpus = new Set<number>();
  for (const part of text.split(',').map((word) => word.trim())) {
    const [, first, last = first] = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(part) ?? [];
    if (first === undefined) return err(part === '' ? 'name at least one CPU, as in 0-3,8' : `“${part}” is no CPU and no range of CPUs`);
    const [low, high] = [Number(first), Number(last)];
    if (high < low) return err(`${part} runs backwards`);
    if (high >= cpuLimit) return err(`no kernel has a CPU ${high}`);
    for (let cpu = low; cpu <= high; cpu += 1) cpus.add(cpu);
  }
  return ok([...cpus].sort((a, b) => a - b));
}

/** The CPUs of a list that somebody typed, of which one at least is among those `online`; the error is a sentence. */
export function parseCpuList(text: string, online: readonly number[]): Result<number[], string> {
  const list = readCpuList(text);
  if (!list.ok || list.value.some((cpu) => online.includes(cpu))) return list;
  return err(`none of them is online; ${formatCpuList(online)} are`);
}
