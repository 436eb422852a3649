// What a benchmark and the application's main process say to each other beside the wire: over Node's own channel between parent and child.

/** Asked of the main process; each is answered with `Figures`. `restart` begins the delays anew, `collect` collects garbage first. */
export type Question = { readonly type: 'figures' | 'restart' | 'collect' };

/** The main process about itself. */
export interface Figures {
  readonly type: 'figures';
  readonly residentBytes: number;
  /** V8's heap and the array buffers. */
  readonly heapBytes: number;
  /** How late the event loop was since `restart`, by `monitorEventLoopDelay` with a resolution of a millisecond, which every value includes. */
  readonly delayMs: { readonly median: number; readonly p99: number; readonly most: number; readonly count: number };
  /** CPU time used since the process began. */
  readonly cpuMs: number;
  /** Bytes that came from the agent. */
  readonly receivedBytes: number;
}

/** A page has painted so many frames of a stream since it joined. */
export interface Painted {
  readonly type: 'painted';
  readonly stream: number;
  readonly frames: number;
}
