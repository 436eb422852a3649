// Time in a recording: where it stands, how fast it goes, and the frames that come due.
import type { Stream } from '#common/frame.ts';
import { playedChannels } from './channels.ts';
import { agentEventOf } from './checkpoint.ts';
import type { RecordedMessage, RecordingReader } from './recording-reader.ts';
import type { ToldFrame } from './state-at.ts';

const tickMs = 25;
const shownEveryMs = 100;

/** What a player tells. */
export interface PlayerEvents {
  /** Frames that came due, in the order in which they were recorded. */
  onFrames(frames: readonly ToldFrame[]): void;
  /** Where it stands has changed; ten times a second while it plays. */
  onPosition(): void;
  /** A chunk cannot be read any more, in words. */
  onFault(detail: string): void;
}

/** Everything of the played channels with `afterNs < time <= untilNs` that an agent would tell, in the order in which it was recorded. */
export async function framesBetween(reader: RecordingReader, afterNs: bigint, untilNs: bigint): Promise<ToldFrame[]> {
  const due: RecordedMessage[] = [];
  for (const channel of playedChannels) for await (const message of reader.between(channel, afterNs, untilNs)) due.push(message);
  due.sort((a, b) => (a.timeNs < b.timeNs ? -1 : 1));
  return due
    .filter(({ channel, payload }) => channel !== 0 || agentEventOf(payload) !== null)
    .map(({ channel, payload }) => ({ stream: channel as Stream, payload }));
}

/** Plays one recording. Positions are nanoseconds since 1970, as recorded. */
export class Player {
  readonly #reader: RecordingReader;
  readonly #events: PlayerEvents;
  #positionNs: bigint;
  #speed = 1;
  #timer: NodeJS.Timeout | null = null;
  #lastTickNs = 0n;
  #lastShownNs = 0n;
  // A jump voids what a tick under way is about to tell.
  #jumps = 0;

  constructor(reader: RecordingReader, events: PlayerEvents) {
    this.#reader = reader;
    this.#events = events;
    this.#positionNs = reader.startNs;
  }

  get positionNs(): bigint {
    return this.#positionNs;
  }

  get speed(): number {
    return this.#speed;
  }

  get isPlaying(): boolean {
    return this.#timer !== null;
  }

  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#events.onPosition();
  }

  play(): void {
    if (this.#timer) return;
    this.#lastTickNs = process.hrtime.bigint();
    this.#schedule();
    this.#events.onPosition();
  }

  pause(): void {
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#events.onPosition();
  }

  /** Stands at another instant; what came before it is told by whoever asked for the jump. */
  jump(positionNs: bigint): void {
    this.#jumps += 1;
    this.#positionNs = positionNs;
    this.#lastTickNs = process.hrtime.bigint();
  }

  #schedule(): void {
    this.#timer = setTimeout(() => void this.#tick(), tickMs);
  }

  async #tick(): Promise<void> {
    const now = process.hrtime.bigint();
    const passedNs = BigInt(Math.round(Number(now - this.#lastTickNs) * this.#speed));
    const { endNs } = this.#reader;
    const afterNs = this.#positionNs;
    const untilNs = afterNs + passedNs < endNs ? afterNs + passedNs : endNs;
    this.#lastTickNs = now;
    const jumps = this.#jumps;
    try {
      const frames = await framesBetween(this.#reader, afterNs, untilNs);
      if (this.#jumps === jumps) {
        this.#events.onFrames(frames);
        this.#positionNs = untilNs;
      }
    } catch (error) {
      this.pause();
      this.#events.onFault(error instanceof Error ? error.message : String(error));
      return;
    }
    if (!this.#timer) return;
    if (this.#positionNs >= endNs) {
      this.pause();
      return;
    }
    if (now - this.#lastShownNs >= BigInt(shownEveryMs) * 1_000_000n) {
      this.#lastShownNs = now;
      this.#events.onPosition();
    }
    this.#schedule();
  }
}
