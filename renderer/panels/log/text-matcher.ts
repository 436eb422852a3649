// Asks a worker which texts match, one request at a time, and gives up on an expression that is too slow.
import { answerMatch, type MatchAnswer, type MatchRequest } from './match-texts.ts';

/** How long one request may take: some thousand lines, or those on the screen. */
export const matchBudgetMs = 1000;

/** An answer, or null when the expression took longer than its budget. */
export type OnMatched = (answer: MatchAnswer | null) => void;

/** Answers in the order of the requests, sometimes at once. */
export interface TextMatcher {
  ask(request: MatchRequest, transfer: Transferable[], done: OnMatched): void;
}

/** For where there are no workers. Nothing can end an expression here. */
export const matcherInPlace: TextMatcher = { ask: (request, _, done) => done(answerMatch(request)) };

/** The part of a Worker that is used. */
export interface MatchWorker {
  onmessage: ((event: MessageEvent<MatchAnswer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: unknown, transfer: Transferable[]): void;
  terminate(): void;
}

interface Waiting {
  readonly request: MatchRequest;
  readonly transfer: Transferable[];
  readonly done: OnMatched;
}

/** A worker that is started when it is needed, and again after it was ended. */
export class WorkerMatcher implements TextMatcher {
  readonly #start: () => MatchWorker;
  readonly #later: (run: () => void, delayMs: number) => () => void;
  #worker: MatchWorker | null = null;
  #waiting: Waiting[] = [];
  #current: Waiting | null = null;
  #cancel: () => void = () => undefined;

  /** `later` runs something after a delay unless what it returns is called before. */
  constructor(start: () => MatchWorker, later: (run: () => void, delayMs: number) => () => void) {
    this.#start = start;
    this.#later = later;
  }

  ask(request: MatchRequest, transfer: Transferable[], done: OnMatched): void {
    this.#waiting.push({ request, transfer, done });
    this.#next();
  }

  #next(): void {
    if (this.#current) return;
    const next = this.#waiting.shift();
    if (!next) return;
    this.#current = next;
    this.#worker ??= this.#begin();
    this.#cancel = this.#later(() => this.#giveUp(), matchBudgetMs);
    this.#worker.postMessage(next.request, next.transfer);
  }

  #begin(): MatchWorker {
    const worker = this.#start();
    worker.onmessage = ({ data }) => this.#answered(data);
    worker.onerror = () => this.#giveUp();
    return worker;
  }

  #answered(answer: MatchAnswer | null): void {
    const current = this.#current;
    this.#cancel();
    this.#current = null;
    current?.done(answer);
    this.#next();
  }

  #giveUp(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#answered(null);
  }
}

/** The matcher of this window. */
export function createTextMatcher(): TextMatcher {
  if (typeof Worker === 'undefined') return matcherInPlace;
  return new WorkerMatcher(
    () => new Worker(new URL('./match-worker.ts', import.meta.url), { type: 'module', name: 'kernel log search' }),
    (run, delayMs) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  );
}
