// A recording as a target: the session gets a pipe to something that speaks as the agent did, so that nothing above it knows the difference.
import type { Duplex } from 'node:stream';
import { streams } from '#common/frame.ts';
import { type ReplayMark, replayMark } from '#common/protocol/recording.ts';
import type { EventOf } from '#common/protocol.ts';
import type { Unsubscribe } from '#common/transport.ts';
import { Listeners } from '../agent/listeners.ts';
import { streamOf, watchedIn } from '../session/snapshot-key.ts';
import type { ReplayControl, ReplayRequest, Target, TargetState } from '../target.ts';
import { channelIds } from './channels.ts';
import { Player } from './player.ts';
import { RecordedAgent } from './recorded-agent.ts';
import { jsonOf, RecordingReader } from './recording-reader.ts';
import { stateAt, type ToldFrame } from './state-at.ts';

const marksShown = 500;

/** What an open recording is made of. */
interface Opened {
  readonly reader: RecordingReader;
  readonly player: Player;
  readonly marks: ReplayMark[];
  agent: RecordedAgent | null;
}

/** How it is opened. `elsewhere`: the file lies outside the recordings' folder. */
export interface RecordingTargetOptions {
  readonly autoplay?: boolean;
  readonly elsewhere?: boolean;
}

/** A recording that plays from its start unless told otherwise. */
export class RecordingTarget implements Target {
  readonly replay: ReplayControl;
  readonly #path: string;
  readonly #autoplay: boolean;
  readonly #elsewhere: boolean;
  readonly #states = new Listeners<TargetState>();
  readonly #pipes = new Listeners<Duplex>();
  readonly #replays = new Listeners<EventOf<'replay'>>();
  readonly #consoles = new Listeners<Uint8Array>();
  readonly #jumps = new Listeners<void>();
  #state: TargetState;
  #opened: Opened | null = null;
  #jump = 0;
  #startedAt = Date.now();
  // The newest jump that is wanted while another is under way; the ones between are of no use to anybody.
  #wantedNs: bigint | null = null;
  #seeking: Promise<void> | null = null;

  constructor(path: string, { autoplay = true, elsewhere = false }: RecordingTargetOptions = {}) {
    this.#path = path;
    this.#autoplay = autoplay;
    this.#elsewhere = elsewhere;
    this.#state = {
      kind: 'recording',
      phase: 'stopped',
      step: 'The recording is closed.',
      elapsedMs: 0,
      accelerator: null,
      machine: null,
      reason: null,
      lastConsoleLines: [],
    };
    this.replay = {
      path,
      request: (asked) => this.#serve(asked),
      onReplay: (listener) => {
        if (this.#opened) listener(this.#event(this.#opened));
        return this.#replays.add(listener);
      },
      onJump: (listener) => this.#jumps.add(listener),
    };
  }

  async start(): Promise<void> {
    await this.#close();
    this.#startedAt = Date.now();
    this.#show({ phase: 'preparing', step: 'Opening the recording', reason: null });
    const opened = await RecordingReader.open(this.#path);
    if (!opened.ok) {
      const remedy = 'Choose another recording, or inspect the lab.';
      this.#show({
        phase: 'failed',
        step: 'The recording cannot be opened',
        reason: { title: 'The recording cannot be opened', detail: opened.error, remedy },
      });
      return;
    }
    const reader = opened.value;
    const player = new Player(reader, {
      onFrames: (frames) => {
        if (this.#opened) this.#say(this.#opened, frames);
      },
      onPosition: () => this.#tell(),
      onFault: (detail) => {
        const remedy = 'Start it anew, or choose another recording.';
        this.#show({
          phase: 'failed',
          step: 'The recording cannot be read',
          reason: { title: 'The recording cannot be read', detail, remedy },
        });
      },
    });
    const mine: Opened = { reader, player, marks: await marksOf(reader), agent: null };
    this.#opened = mine;
    const kernel = reader.value('ringscope.target', 'kernel');
    const machine = reader.value('ringscope', 'machine') || (kernel && `Linux ${kernel}`) || null;
    this.#show({ phase: 'live', step: `Recording ${reader.name}`, machine });
    await this.#goTo(reader.startNs);
    if (this.#autoplay && this.#opened === mine) player.play();
  }

  async stop(): Promise<void> {
    if (!this.#opened) return;
    await this.#close();
    this.#show({ phase: 'stopped', step: 'The recording is closed.', reason: null });
  }

  onState(listener: (state: TargetState) => void): Unsubscribe {
    listener(this.#state);
    return this.#states.add(listener);
  }

  onPipe(listener: (pipe: Duplex) => void): Unsubscribe {
    return this.#pipes.add(listener);
  }

  onConsole(listener: (bytes: Uint8Array) => void): Unsubscribe {
    return this.#consoles.add(listener);
  }

  writeConsole(): void {
    // Nobody is there to read it.
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    this.#wantedNs = null;
    if (!opened) return;
    opened.player.pause();
    await this.#seeking?.catch(() => undefined);
    opened.agent?.end();
    await opened.reader.close();
  }

  #serve({ playing, speed, positionMs }: ReplayRequest): boolean {
    const opened = this.#opened;
    if (!opened) return false;
    const { player, reader } = opened;
    if (speed !== undefined) player.setSpeed(speed);
    if (positionMs !== undefined) this.#seek(instantOf(reader, positionMs));
    else if (playing === true && player.positionNs >= reader.endNs) this.#seek(reader.startNs);
    if (playing === true) player.play();
    if (playing === false) player.pause();
    return true;
  }

  #seek(positionNs: bigint): void {
    this.#wantedNs = positionNs;
    this.#seeking ??= this.#seekWanted().finally(() => {
      this.#seeking = null;
    });
  }

  async #seekWanted(): Promise<void> {
    while (this.#wantedNs !== null) {
      const wanted = this.#wantedNs;
      this.#wantedNs = null;
      await this.#goTo(wanted);
    }
  }

  /** Another agent takes over, which knows what was known at this instant. */
  async #goTo(positionNs: bigint): Promise<void> {
    const opened = this.#opened;
    if (!opened) return;
    opened.player.jump(positionNs);
    const state = await stateAt(opened.reader, positionNs);
    if (this.#opened !== opened) return;
    opened.agent?.end();
    const told = state.filter(({ stream }) => stream !== streams.console);
    const agent = new RecordedAgent({ state: told, snapshot: (device, what) => snapshotAt(opened, device, what) });
    // What came due while the state was read is told by nobody, so the player begins where the state ends.
    opened.player.jump(positionNs);
    opened.agent = agent;
    this.#jump += 1;
    this.#jumps.call();
    for (const { stream, payload } of state) if (stream === streams.console) this.#consoles.call(payload);
    this.#pipes.call(agent.pipe);
    this.#tell();
  }

  /** The console has a way of its own, as it has in a guest. */
  #say({ agent }: Opened, frames: readonly ToldFrame[]): void {
    agent?.tell(frames.filter(({ stream }) => stream !== streams.console));
    for (const { stream, payload } of frames) if (stream === streams.console) this.#consoles.call(payload);
  }

  #event({ reader, player, marks }: Opened): EventOf<'replay'> {
    return {
      type: 'replay',
      name: reader.name,
      startedUnixMs: Number(reader.startNs / 1_000_000n),
      positionMs: Number(player.positionNs - reader.startNs) / 1e6,
      durationMs: Number(reader.endNs - reader.startNs) / 1e6,
      speed: player.speed,
      playing: player.isPlaying,
      jump: this.#jump,
      ...(this.#elsewhere && { elsewhere: true }),
      remark: reader.remark,
      marks,
    };
  }

  #tell(): void {
    if (this.#opened) this.#replays.call(this.#event(this.#opened));
  }

  #show(change: Partial<TargetState>): void {
    this.#state = { ...this.#state, ...change, elapsedMs: Date.now() - this.#startedAt };
    this.#states.call(this.#state);
  }
}

// A slider stops at whole milliseconds: its last stop is the end, not what lies before the last message.
const stopNs = 1_000_000n;

/** The instant of a position; within a millisecond of the end it is the end. */
export function instantOf({ startNs, endNs }: Pick<RecordingReader, 'startNs' | 'endNs'>, positionMs: number): bigint {
  const wanted = startNs + BigInt(Math.round(positionMs * 1e6));
  return wanted + stopNs < endNs ? wanted : endNs;
}

/** The newest marks of a recording, with their times since its start. */
async function marksOf(reader: RecordingReader): Promise<ReplayMark[]> {
  const marks: ReplayMark[] = [];
  for await (const message of reader.backwards(channelIds.mark, reader.endNs, -1n)) {
    const mark = replayMark.omit({ timeMs: true }).safeParse(jsonOf(message));
    if (mark.success) marks.push({ ...mark.data, timeMs: Math.max(0, Number(message.timeNs - reader.startNs) / 1e6) });
    if (marks.length >= marksShown) break;
  }
  return marks.reverse();
}

async function snapshotAt({ reader, player }: Opened, device: string, what: string): Promise<ToldFrame | null> {
  const stream = streamOf(what);
  // Things take turns on a stream, so the wanted one is among the newest few, or it was not watched then.
  let looked = 0;
  for await (const { payload } of reader.backwards(stream, player.positionNs, -1n)) {
    const watched = watchedIn({ stream, sequence: 0, payload });
    if (watched.ok && watched.value.device === device && watched.value.what === what) return { stream, payload };
    looked += 1;
    if (looked > 1000) break;
  }
  return null;
}
