// A report of the kernel (WARN, BUG, oops, lockup, stall) read from its lines. Shapes are those of Linux 7.3 on x86-64, older ones where they differ.
import { type Frame, findPlace, readFrame } from './call-trace.ts';

/** What kind of trouble it is. */
export type ReportKind = 'warning' | 'bug' | 'oops' | 'soft-lockup' | 'hard-lockup' | 'rcu-stall' | 'hung-task' | 'panic' | 'unknown';

/** One stack of a report: an oops has one, a stall one for each CPU. */
export interface Trace {
  /** Whose it is, where the report says so, such as `CPU 1`. */
  readonly of: string | null;
  /** Frames from the innermost outwards; `context` is the stack they were on, such as `IRQ` or `TASK`. */
  readonly frames: readonly (Frame & { readonly context: string | null })[];
}

/** A decoded report. What it does not say is null. */
export interface KernelReport {
  readonly kind: ReportKind;
  /** The line that names the reason. */
  readonly reason: string;
  /** The text that the code at fault gave a WARN. */
  readonly message: string | null;
  /** `file:line` of the WARN or BUG. */
  readonly source: string | null;
  /** Where it happened: of a WARN its place, of an oops RIP. */
  readonly place: Frame | null;
  readonly cpu: number | null;
  readonly pid: number | null;
  readonly comm: string | null;
  /** The letters, `''` for an untainted kernel. */
  readonly taint: string | null;
  readonly kernel: string | null;
  readonly hardware: string | null;
  readonly workqueue: string | null;
  /** The address whose access failed, as hex digits. */
  readonly faultAddress: string | null;
  /** What the page fault handler says of the access. */
  readonly faultDetails: readonly string[];
  /** Registers by name with their hex digits, in the order of the report, each once. */
  readonly registers: readonly (readonly [string, string])[];
  /** Bytes around RIP as hex; `marked` is the index of the byte at RIP, -1 when none is. */
  readonly code: { readonly bytes: readonly string[]; readonly marked: number } | null;
  readonly traces: readonly Trace[];
  readonly modules: readonly string[];
}

const warning = /^WARNING: (?:\[(.*)\] )?(?:(\S+:\d+) )?at (\S+)(?: \[[\w-]+(?: [0-9a-f]+)?\])?, CPU#(\d+): (.+)\/(\d+)$/;
const olderWarning = /^WARNING: CPU: (\d+) PID: (\d+) at (?:(\S+:\d+) )?(\S+.*)$/;
const softLockup = /^watchdog: BUG: soft lockup - CPU#(\d+) stuck for \d+s! \[(.+):(\d+)\]/;
const hardLockup = /^watchdog: (?:CPU(\d+): )?Watchdog detected hard LOCKUP on cpu (\d+)/;
const hungTask = /^INFO: task (.+):(\d+) (?:<.*> )?(?:blocked|is blocked)/;
const cpuLine = /^CPU: (\d+) (?:UID: \d+ )?PID: (\d+) Comm: (.+?) (?:Kdump: loaded )?(Not tainted|Tainted: ([A-Z ]+?)) +(\d\S*)/;
const registerPair =
  /\b(RAX|RBX|RCX|RDX|RSI|RDI|RBP|RSP|R\d\d|FS|GS|knlGS|CS|DS|ES|CR\d|DR\d|EFLAGS|ORIG_RAX|PKRU):\s*(?:[0-9a-f]{4}:)?([0-9a-f]{4,16})(?![0-9a-f:])/g;

function kindOf(reason: string): ReportKind {
  if (reason.startsWith('WARNING: ')) return 'warning';
  if (reason.startsWith('kernel BUG at ')) return 'bug';
  if (softLockup.test(reason)) return 'soft-lockup';
  if (/^watchdog: .*hard LOCKUP/.test(reason)) return 'hard-lockup';
  if (/^(?:rcu: )?INFO: rcu_\S+ (?:self-)?detected/.test(reason)) return 'rcu-stall';
  if (hungTask.test(reason)) return 'hung-task';
  if (reason.startsWith('Kernel panic')) return 'panic';
  if (
    /^(?:BUG: (?:unable to handle|kernel NULL pointer)|Oops: |general protection fault|Unable to handle kernel |Internal error: )/.test(
      reason,
    )
  )
    return 'oops';
  return reason.startsWith('BUG: ') ? 'bug' : 'unknown';
}

const isReason = (text: string) => kindOf(text) !== 'unknown';

/** What the reason itself says of where and who. */
function fromReason(reason: string) {
  const now = warning.exec(reason);
  if (now) return { source: now[2] ?? null, cpu: Number(now[4]), comm: now[5] ?? null, pid: Number(now[6]), place: findPlace(reason) };
  const older = olderWarning.exec(reason);
  if (older) return { source: older[3] ?? null, cpu: Number(older[1]), pid: Number(older[2]), place: findPlace(older[4] ?? '') };
  const soft = softLockup.exec(reason);
  if (soft) return { cpu: Number(soft[1]), comm: soft[2] ?? null, pid: Number(soft[3]) };
  const hard = hardLockup.exec(reason);
  if (hard) return { cpu: Number(hard[2]) };
  const hung = hungTask.exec(reason);
  if (hung) return { comm: hung[1] ?? null, pid: Number(hung[2]) };
  const bug = /^kernel BUG at (\S+:\d+)!/.exec(reason);
  return { source: bug?.[1] ?? null };
}

/** Reads the lines of a report in order. Lines that say nothing known are skipped: another CPU may have printed them. */
export function readReport(lines: readonly string[]): KernelReport {
  const reasonAt = lines.findIndex(isReason);
  const reason = lines[reasonAt] ?? lines[0] ?? '';
  const told: Partial<KernelReport> = fromReason(reason);
  const registers = new Map<string, string>();
  const traces: { of: string | null; frames: Trace['frames'][number][] }[] = [];
  const faultDetails: string[] = [];
  const modules: string[] = [];
  const found: { -readonly [Key in 'taint' | 'kernel' | 'hardware' | 'workqueue' | 'faultAddress' | 'comm']: string | null } & {
    cpu: number | null;
    pid: number | null;
    place: Frame | null;
    code: KernelReport['code'];
  } = {
    taint: null,
    kernel: null,
    hardware: null,
    workqueue: null,
    faultAddress: null,
    comm: null,
    cpu: null,
    pid: null,
    place: null,
    code: null,
  };
  let context: string | null = null;
  let of: string | null = null;
  let isModules = false;
  for (const [index, text] of lines.entries()) {
    const wasModules = isModules;
    isModules = false;
    const frame = readFrame(text);
    if (frame) {
      if (traces.length === 0) traces.push({ of, frames: [] });
      traces.at(-1)?.frames.push({ ...frame, context });
      continue;
    }
    const stack = /^\s+<(\/?)([A-Z_#]+\d*)>/.exec(text);
    if (stack) {
      context = stack[1] ? null : (stack[2] ?? null);
      continue;
    }
    const cpu = cpuLine.exec(text);
    if (cpu) {
      of = `CPU ${cpu[1]}`;
      found.cpu ??= Number(cpu[1]);
      found.pid ??= Number(cpu[2]);
      found.comm ??= cpu[3] ?? null;
      found.taint ??= (cpu[5] ?? '').replaceAll(' ', '');
      found.kernel ??= cpu[6] ?? null;
      continue;
    }
    if (/^Call [Tt]race:/.test(text)) {
      context = null;
      traces.push({ of, frames: [] });
    } else if (/^NMI backtrace for cpu (\d+)/.test(text)) of = `CPU ${/(\d+)/.exec(text)?.[1]}`;
    else if (/^task:(\S+)/.test(text)) of = /^task:(\S+)/.exec(text)?.[1] ?? null;
    else if (text.startsWith('Hardware name: ')) found.hardware ??= text.slice(15);
    else if (text.startsWith('Workqueue: ')) found.workqueue ??= text.slice(11);
    else if (text.startsWith('#PF: ') || text.startsWith('PGD ')) faultDetails.push(text);
    else if (text.startsWith('Modules linked in:') || wasModules) {
      isModules = true;
      modules.push(...moduleNames(text));
    } else if (text.startsWith('Code: ')) found.code ??= codeOf(text.slice(6));
    else if (/^RIP: /.test(text)) found.place ??= findPlace(text);
    found.faultAddress ??= index === reasonAt || isReason(text) ? (/address:? (?:0x)?([0-9a-f]{4,16})/.exec(text)?.[1] ?? null) : null;
    for (const [, name = '', value = ''] of text.matchAll(registerPair)) if (!registers.has(name)) registers.set(name, value);
  }
  return {
    kind: kindOf(reason),
    reason,
    message: messageOf(lines, reasonAt),
    source: told.source ?? null,
    place: told.place ?? found.place,
    cpu: told.cpu ?? found.cpu,
    pid: told.pid ?? found.pid,
    comm: told.comm ?? found.comm,
    taint: found.taint,
    kernel: found.kernel,
    hardware: found.hardware,
    workqueue: found.workqueue,
    faultAddress: found.faultAddress,
    faultDetails,
    registers: [...registers],
    code: found.code,
    traces: traces.filter(({ frames }) => frames.length > 0),
    modules,
  };
}

const moduleNames = (text: string): string[] =>
  text
    .replace(/^Modules linked in:/, '')
    .replace(/\[last unloaded:.*$/, '')
    .trim()
    .split(/\s+/)
    .filter((name) => /^[\w-]+(?:\([A-Z+-]+\))?$/.test(name));

function codeOf(text: string): KernelReport['code'] {
  const bytes = text.trim().split(/\s+/);
  if (!bytes.every((byte) => /^<?[0-9a-f]{2}>?$/.test(byte))) return null;
  return { bytes: bytes.map((byte) => byte.replaceAll(/[<>]/g, '')), marked: bytes.findIndex((byte) => byte.startsWith('<')) };
}

/** The text of a WARN stands before its reason where the caller printed it, behind it where the trap did. */
function messageOf(lines: readonly string[], reasonAt: number): string | null {
  if (reasonAt < 0) return null;
  const before = lines.slice(0, reasonAt).filter((text) => !text.startsWith('------'));
  if (before.length > 0) return before.join(' ');
  const behind = lines[reasonAt + 1];
  if (!lines[reasonAt]?.startsWith('WARNING: ') || behind === undefined) return null;
  return /^(?:Modules linked in:|CPU: |RIP: |Call Trace:|---\[|\s)/.test(behind) ? null : behind;
}

/** One line that says what happened, where and to whom. */
export function reportTitle(report: KernelReport): string {
  const { kind, place, source, message, reason } = report;
  const where = [source, place && `in ${place.name}${place.module ? ` [${place.module}]` : ''}`].filter(Boolean).join(' ');
  if (kind === 'warning') return `WARNING: ${message ? `${message} – ` : ''}at ${where || 'an unknown place'}`;
  if (kind === 'bug' && source) return `BUG: ${message ? `${message} – ` : ''}at ${where}`;
  return place && kind !== 'rcu-stall' && kind !== 'hung-task' ? `${reason} – ${where}` : reason;
}
