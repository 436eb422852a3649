// The recorder: taps everything that an agent and the session tell, and writes it in chunks of a second. It never makes the session wait.
import { type Frame, type Stream, streams } from '#common/frame.ts';
import type { AgentEvent, EventOf } from '#common/protocol.ts';
import { encodeUtf8 } from '#common/text.ts';
import type { KeptItem } from '../session/kept.ts';
import { type ChannelDeclaration, channelIds, declareChannels, type RecordedMark } from './channels.ts';
import { Checkpoint } from './checkpoint.ts';
import { kernelTimeNs } from './kernel-time.ts';
import { LogBlocks } from './log-blocks.ts';
import { Marks } from './marks.ts';
import { RecordingPart } from './recording-part.ts';
import type { RecordingSink } from './recording-sink.ts';
import { isZstdReady, zstdReady } from './zstd.ts';

/** When a recording goes on in a new file. */
export interface RotationLimits {
  readonly maximumBytes: number;
  readonly maximumSeconds: number;
}

/** A gigabyte, and four hours. */
export const usualLimits: RotationLimits = { maximumBytes: 1_073_741_824, maximumSeconds: 4 * 3600 };

/** How often chunks end at the least: what a crash can lose. */
export const flushMs = 1000;

const checkpointNs = 10_000_000_000n;
const chunkBytes = 1_048_576;
// What is kept of the past, beside the newest of everything.
const historyStreams: ReadonlySet<Stream> = new Set([streams.log, streams.sample, streams.trace, streams.console]);
const pendingLimitBytes = 33_554_432;

/** What a recorder needs. */
export interface RecorderOptions {
  /** The name without `-001.mcap`. */
  readonly name: string;
  readonly openSink: (fileName: string) => Promise<RecordingSink>;
  /** What the session keeps: a part begins with it. */
  readonly kept: () => Iterable<KeptItem>;
  /** Whether the first part begins with the kept log, samples and console too, or with the newest of everything alone. */
  readonly fromStart: boolean;
  readonly limits: RotationLimits;
  readonly applicationVersion: string;
  readonly target: () => EventOf<'target'> | null;
  readonly onState: (state: RecorderState) => void;
  /** Nanoseconds since 1970; a test brings its own. */
  readonly now?: () => bigint;
}

/** How it stands; the wire's `recording` event without its type. */
export type RecorderState = Omit<EventOf<'recording'>, 'type'>;

/** Wall clock at the start, monotonic from there: a clock that is set does not reorder a recording. */
function steadyClock(): () => bigint {
  const startedNs = BigInt(Date.now()) * 1_000_000n;
  const origin = process.hrtime.bigint();
  return () => startedNs + (process.hrtime.bigint() - origin);
}

/** One recording, from its start to its end. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #channels: readonly ChannelDeclaration[] = declareChannels();
  readonly #declared: ReadonlySet<number> = new Set(this.#channels.map(({ id }) => id));
  readonly #now: () => bigint;
  readonly #startedNs: bigint;
  readonly #timer: NodeJS.Timeout;
  readonly #marks = new Marks();
  #blocks = new LogBlocks();
  #checkpoint: Checkpoint;
  #checkpointedNs = 0n;
  #part: RecordingPart;
  #number = 1;
  #endedBytes = 0;
  #lastNs = 0n;
  #bootTimeUnixNs: bigint | null = null;
  #described = '';
  #droppedFrames = 0;
  #toldDropped = 0;
  #isTaking = true;
  #state: RecorderState['state'] = 'recording';
  #reason: string | null = null;
  #ending: Promise<void> | null = null;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#now = options.now ?? steadyClock();
    this.#startedNs = this.#tick();
    this.#checkpoint = new Checkpoint(this.#startedNs);
    this.#part = this.#begin(options.fromStart);
    this.#timer = setInterval(() => this.flush(), flushMs);
    this.#timer.unref();
    this.#show();
  }

  /** How it stands now. */
  get state(): RecorderState {
    return {
      state: this.#state,
      name: this.#part.name,
      bytes: this.#endedBytes + this.#part.writtenBytes,
      seconds: Number((this.#lastNs - this.#startedNs) / 1_000_000n) / 1000,
      droppedFrames: this.#droppedFrames,
      reason: this.#reason,
    };
  }

  /** An event of the agent, or where the target stands. */
  event(event: AgentEvent | EventOf<'target'>, isKept = false): void {
    if (!this.#isTaking) return;
    const timeNs = this.#message(channelIds.control, encodeUtf8(JSON.stringify(event)));
    if (timeNs === null) return;
    if (event.type === 'hello') this.#bootTimeUnixNs = BigInt(event.bootTimeUnixNs);
    if (event.type !== 'target' && this.#checkpoint.event(event, timeNs)) {
      this.#blocks.clear();
      this.#writeCheckpoint();
    }
    const marks = this.#marks.event(event);
    if (!isKept) this.#mark(marks);
    if (event.type === 'hello' || event.type === 'devices' || event.type === 'module') this.#describe();
  }

  /** A frame of streams 1 to 6 or 8 as it came. */
  bulk({ stream, payload }: Pick<Frame, 'stream' | 'payload'>, isKept = false): void {
    if (!this.#isTaking || !this.#declared.has(stream)) return;
    if (this.#message(stream, payload) === null) return;
    if (stream === streams.log) {
      const block = this.#blocks.add(payload);
      if (block) this.#message(channelIds.logBlock, block);
      if (!isKept) this.#mark(this.#marks.log(payload));
    } else if (stream === streams.console) this.#checkpoint.console(payload);
    else if (stream !== streams.sample && stream !== streams.trace) this.#checkpoint.snapshot({ stream, sequence: 0, payload });
  }

  /** Ends the open chunks, if the disk has taken the ones before. */
  flush(): void {
    // In the first instants of the application the compression may still be loading.
    if (!this.#isTaking || !this.#part.isIdle || !isZstdReady()) return;
    this.#tellDropped();
    if (this.#tick() - this.#checkpointedNs >= checkpointNs) this.#writeCheckpoint();
    const part = this.#part;
    part.flush();
    part.work.then(
      () => this.#show(),
      (error: unknown) => this.#fail(part, error),
    );
    const { maximumBytes, maximumSeconds } = this.#options.limits;
    const ageSeconds = Number((this.#lastNs - part.startedNs) / 1_000_000n) / 1000;
    if (part.writer.position >= maximumBytes || ageSeconds >= maximumSeconds) this.#rotate();
  }

  /** Ends the recording; the file has its index afterwards. A reason is what the user did not ask for. */
  stop(reason: string | null = null): Promise<void> {
    this.#ending ??= this.#end(reason);
    return this.#ending;
  }

  async #end(reason: string | null): Promise<void> {
    if (!this.#isTaking) return;
    this.#tellDropped();
    this.#writeCheckpoint();
    this.#isTaking = false;
    clearInterval(this.#timer);
    const part = this.#part;
    try {
      await zstdReady();
      await part.end(this.#summary(reason ?? 'stopped'));
    } catch (error) {
      await this.#failed(part, error);
      return;
    }
    // Only now: whoever hears that it is over may move the file.
    this.#state = 'idle';
    this.#reason = reason;
    this.#show();
  }

  #begin(withHistory: boolean): RecordingPart {
    const { name, openSink, applicationVersion } = this.#options;
    const fileName = `${name}-${String(this.#number).padStart(3, '0')}.mcap`;
    const startedNs = this.#tick();
    const part = new RecordingPart(fileName, startedNs, this.#channels, `ringscope ${applicationVersion}`, openSink(fileName));
    this.#part = part;
    this.#described = '';
    this.#blocks = new LogBlocks();
    this.#checkpoint = new Checkpoint(startedNs);
    const target = this.#options.target();
    if (target) this.event(target, true);
    let kept = 0;
    for (const item of this.#options.kept()) {
      const isState = item.type === 'event' || !historyStreams.has(item.stream);
      if (!isState && !withHistory) continue;
      kept += 1;
      if (item.type === 'event') this.event(item.event, true);
      else this.bulk(item, true);
    }
    const keptUntilNs = this.#tick();
    this.#writeCheckpoint();
    part.metadata('ringscope', {
      application: applicationVersion,
      part: String(this.#number),
      target: target?.kind ?? 'unknown',
      machine: target?.machine ?? '',
      startedUnixNs: String(startedNs),
      // Whatever is not newer than this was kept from before; its publish times tell when it really was.
      keptUntilUnixNs: String(keptUntilNs),
      keptMessages: String(kept),
      fromStart: String(withHistory),
    });
    return part;
  }

  #rotate(): void {
    const part = this.#part;
    this.#writeCheckpoint();
    const ended = part.end(this.#summary('continued in the next part'));
    this.#number += 1;
    const bytesNow = part.writer.position;
    this.#endedBytes += bytesNow;
    this.#begin(true);
    ended.catch((error: unknown) => this.#fail(part, error));
  }

  #summary(reason: string): Record<string, string> {
    const { seconds } = this.state;
    return { reason, seconds: seconds.toFixed(3), droppedFrames: String(this.#droppedFrames) };
  }

  /** A time that is later than every one before. */
  #tick(): bigint {
    const now = this.#now();
    this.#lastNs = now > this.#lastNs ? now : this.#lastNs + 1n;
    return this.#lastNs;
  }

  /** Adds a message and gives its time, or counts it as dropped and gives null: what waits for the disk is bounded. */
  #message(channel: number, payload: Uint8Array): bigint | null {
    const { writer } = this.#part;
    if (writer.pendingBytes > pendingLimitBytes) {
      this.#droppedFrames += 1;
      return null;
    }
    const timeNs = this.#tick();
    const isBulk = (channel > streams.control && channel <= streams.vectors) || channel === streams.trace;
    const publishNs = isBulk ? kernelTimeNs(channel as Stream, payload, this.#bootTimeUnixNs, timeNs) : timeNs;
    writer.add(channel, timeNs, publishNs, payload);
    if (writer.pendingBytes > chunkBytes && this.#part.isIdle) queueMicrotask(() => this.flush());
    return timeNs;
  }

  #mark(marks: readonly RecordedMark[]): void {
    for (const mark of marks) this.#message(channelIds.mark, encodeUtf8(JSON.stringify(mark)));
  }

  #writeCheckpoint(): void {
    const timeNs = this.#message(channelIds.state, this.#checkpoint.encode());
    if (timeNs !== null) this.#checkpointedNs = timeNs;
  }

  /** Which agent, kernel, module and card: for whoever looks at the file's metadata. Written again when it changes. */
  #describe(): void {
    const frames = this.#checkpoint.frames().filter(({ stream }) => stream === streams.control);
    const events = frames.map(({ payload }) => JSON.parse(Buffer.from(payload).toString()) as AgentEvent);
    const hello = events.find((event) => event.type === 'hello');
    const devices = events.find((event) => event.type === 'devices');
    if (!hello || !devices) return;
    const module = events.find((event) => event.type === 'module');
    const card = devices.devices.find(({ rings }) => rings.length > 0) ?? devices.devices[0];
    const values = {
      agent: hello.agent,
      kernel: hello.kernel,
      architecture: hello.architecture,
      bootTimeUnixNs: hello.bootTimeUnixNs,
      module: hello.module.name,
      moduleVersion: module?.version ?? hello.module.version ?? '',
      device: card?.pciAddress ?? '',
      driver: card?.driver ?? '',
      interface: card?.interface ?? '',
    };
    const described = JSON.stringify(values);
    if (described === this.#described) return;
    this.#described = described;
    this.#part.metadata('ringscope.target', values);
  }

  #tellDropped(): void {
    const fresh = this.#droppedFrames - this.#toldDropped;
    if (fresh === 0 || this.#part.writer.pendingBytes > pendingLimitBytes) return;
    this.#toldDropped = this.#droppedFrames;
    this.#mark([{ kind: 'lost', text: `${fresh} frames were not recorded: the disk took them too slowly` }]);
  }

  #fail(part: RecordingPart, error: unknown): void {
    if (!this.#isTaking) return;
    this.#ending ??= this.#failed(part, error);
  }

  async #failed(part: RecordingPart, error: unknown): Promise<void> {
    this.#isTaking = false;
    clearInterval(this.#timer);
    // The part before may fail after the next has begun.
    for (const open of new Set([part, this.#part])) await open.abandon();
    this.#state = 'failed';
    this.#reason = reasonOf(part.name, error);
    this.#show();
  }

  #show(): void {
    this.#options.onState(this.state);
  }
}

function reasonOf(name: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return `The disk is full. ${name} holds everything up to its last whole chunk. Free some space, then record again.`;
  return `${name} cannot be written: ${message ?? String(error)}. It holds everything up to its last whole chunk.`;
}
