// Which lines of the kernel log belong to one report (WARN, BUG, oops, lockup, stall), found line by line as they come, other CPUs' lines in between.

/** A line as the scanner sees it. */
export interface ScannedLine {
  /** The row's own number; only grows. */
  readonly number: number;
  /** Microseconds since boot. */
  readonly timeUs: number;
  /** 0 emergency … 7 debug. */
  readonly level: number;
  readonly isContinuation: boolean;
  readonly text: string;
}

/** The rows of one report. */
export interface ReportSpan {
  /** Counts from 1; 0 means no report. */
  readonly id: number;
  /** Numbers of its rows in order; the first is the one that the report is folded to. At most `reportRowsMost`. */
  readonly rows: readonly number[];
}

/** A report that goes on beyond so many rows is cut there: what follows stands in the log unfolded. */
export const reportRowsMost = 2000;

// A report is written in one go; a CPU that takes longer than this to print the next line is printing something else.
const longestPauseUs = 2_000_000;
// Other CPUs may print in between, but not for ever.
const strangersMost = 200;
const messageLinesMost = 8;

const cutHere = /^-{6,}\[ cut here \]-{6,}/;
const endTrace = /^---\[ end (?:trace|Kernel panic)/;
/** What names the reason; it begins a report by itself, or is the line after "cut here". */
const reasons =
  /^(?:WARNING: (?:CPU: |at |\S+:\d+ at |\[.*\] \S+:\d+ at )|BUG: |kernel BUG at |watchdog: (?:BUG: |CPU\d+: Watchdog detected|Watchdog detected)|rcu: INFO: \S+ (?:self-)?detected|INFO: (?:task \S|rcu_\S+ (?:self-)?detected)|Oops: |general protection fault|Unable to handle kernel |Internal error: |Kernel panic - not syncing)/;
/** A reason that may also be the second one of a report: an oops tells first what failed and then how. */
const secondReason = /^(?:Oops: |Internal error: |kernel BUG at |Kernel panic - not syncing|general protection fault)/;
const registers =
  /^(?:RIP: |EIP: |RSP: |R[A-D]X: |RBP: |R\d\d: |FS: |CS: |CR\d: |DR\d: |PKRU: |Code: |EFLAGS: |pc : |lr : |sp : |x\d+ ?: )/;
const body =
  /^(?:CPU: \d|Tainted: |Hardware name: |Modules linked in:|Unloaded tainted modules:|Call Trace:|Call trace:|Workqueue: |Stopper: |Sched_ext: |#PF: |PGD |Mem abort info|irq event stamp: |hardirqs last |softirqs last |Sending NMI |NMI backtrace for |rcu: |task:|CPU#\d+ (?:Utilization|Detect)|"echo 0 > |Kernel Offset: |note: \S+\[\d+\] exited|Kernel panic)/;
const indented =
  /^\s+(?:<\/?[A-Z_#]+\d*>|(?:\? )?[\w.$]+\+0x[0-9a-f]+\/0x[0-9a-f]+|#\d+: |(?:Not tainted|Tainted: )|Blocked by coredump|\(t=|\(detected by |\d+-[.\w!]{4}|Tasks blocked |hardirqs {2,}|number: |cputime: )/;

/** Cheap enough for every line: whether bytes may begin a report. `first` and `second` are the first two bytes of the text. */
export function mayBegin(first: number, second: number): boolean {
  return beginnings.has(first * 256 + second);
}
const beginnings = new Set(
  ['--', 'WA', 'BU', 'ke', 'wa', 'rc', 'IN', 'Oo', 'ge', 'Un', 'In', 'Ke'].map((two) => two.charCodeAt(0) * 256 + two.charCodeAt(1)),
);

interface OpenReport {
  readonly id: number;
  readonly rows: number[];
  hasReason: boolean;
  hasSecondReason: boolean;
  /** Lines that may still be the text of a WARN. */
  messageLinesLeft: number;
  isEnding: boolean;
  lastRow: number;
  lastTimeUs: number;
  strangers: number;
}

/** Takes lines in order and says of each to which report it belongs. */
export class ReportScanner {
  readonly #reports: ReportSpan[] = [];
  #open: OpenReport | null = null;
  #nextId = 1;

  /** While it waits for nothing, only lines of which `mayBegin` holds need to be shown to it. */
  get isIdle(): boolean {
    return this.#open === null;
  }

  /** All reports of which rows are kept, oldest first. */
  get reports(): readonly ReportSpan[] {
    return this.#reports;
  }

  /** The report of this id, if its rows are still kept. */
  report(id: number): ReportSpan | null {
    const first = this.#reports[0]?.id ?? 0;
    return this.#reports[id - first] ?? null;
  }

  /** The id of the report to which the line belongs; 0 for none. */
  push(line: ScannedLine): number {
    const open = this.#open;
    if (open) {
      const isOver = line.timeUs - open.lastTimeUs > longestPauseUs || open.strangers > strangersMost || open.rows.length >= reportRowsMost;
      if (!isOver && this.#belongs(open, line)) return this.#take(open, line);
      if (isOver) this.#open = null;
      else if (!cutHere.test(line.text) && !reasons.test(line.text)) {
        open.strangers += 1;
        return 0;
      }
    }
    return this.#begin(line);
  }

  /** Forgets reports whose last row is before `firstKept`. */
  forgetBefore(firstKept: number): void {
    let count = 0;
    while (count < this.#reports.length && (this.#reports[count]?.rows.at(-1) ?? 0) < firstKept) count += 1;
    if (count === 0) return;
    if (this.#reports.slice(0, count).some(({ id }) => id === this.#open?.id)) this.#open = null;
    this.#reports.splice(0, count);
  }

  clear(): void {
    this.#reports.length = 0;
    this.#open = null;
  }

  #begin(line: ScannedLine): number {
    const isCut = cutHere.test(line.text);
    if (!isCut && !reasons.test(line.text)) return 0;
    const open: OpenReport = {
      id: this.#nextId,
      rows: [],
      hasReason: !isCut,
      hasSecondReason: !isCut && secondReason.test(line.text),
      messageLinesLeft: isCut ? messageLinesMost : 0,
      isEnding: false,
      lastRow: line.number,
      lastTimeUs: line.timeUs,
      strangers: 0,
    };
    this.#nextId += 1;
    this.#open = open;
    this.#reports.push(open);
    open.rows.push(line.number);
    return open.id;
  }

  #belongs(open: OpenReport, line: ScannedLine): boolean {
    const { text } = line;
    if (cutHere.test(text)) return false;
    if (line.isContinuation) return open.lastRow === line.number - 1;
    if (endTrace.test(text)) return true;
    // After the end of its trace an oops tells the registers once more, and whether the machine goes on.
    if (open.isEnding) return registers.test(text) || /^(?:note: |Kernel panic|Kernel Offset: )/.test(text);
    if (reasons.test(text)) {
      if (!open.hasReason) return true;
      return secondReason.test(text) && !(open.hasSecondReason && /^(?:Oops: |kernel BUG at )/.test(text) && open.rows.length > 12);
    }
    if (body.test(text) || registers.test(text) || indented.test(text)) return true;
    // The text of a WARN has no shape: it stands next to "cut here" or to the reason, and is at least a warning.
    return open.messageLinesLeft > 0 && line.level <= 4 && open.lastRow === line.number - 1;
  }

  #take(open: OpenReport, line: ScannedLine): number {
    open.rows.push(line.number);
    open.lastRow = line.number;
    open.lastTimeUs = line.timeUs;
    open.strangers = 0;
    open.messageLinesLeft -= 1;
    if (reasons.test(line.text)) {
      open.messageLinesLeft = !open.hasReason && line.text.startsWith('WARNING: ') ? 1 : 0;
      if (secondReason.test(line.text)) open.hasSecondReason = true;
      open.hasReason = true;
    } else if (open.hasReason && (body.test(line.text) || registers.test(line.text))) open.messageLinesLeft = 0;
    if (endTrace.test(line.text)) open.isEnding = true;
    return open.id;
  }
}
