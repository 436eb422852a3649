// Alerts and rules in the window: what arrives is given to the detectors, what they find is kept in a store. Detectors are cheap; the store hears at once when
// an alert opens or ends, and of its newer numbers twice a second.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Alert } from '#common/alerts/alert.ts';
import type { Fact, FactContent } from '#common/alerts/fact.ts';
import { Lookout } from '#common/alerts/lookout.ts';
import type { Device } from '#common/protocol.ts';
import type { RuleOutcome } from '#common/rules/outcome.ts';
import type { RulesFile } from '#common/rules/rules-file.ts';
import type { RulesRun } from '#common/rules/rules-run.ts';
import type { Watches } from '../link/watches.ts';
import type { FrameLoop } from './frame-loop.ts';

/** Rules that a person has loaded, and since when they are judged. */
export interface LoadedRules {
  readonly name: string;
  readonly file: RulesFile;
  /** Seconds since boot. */
  readonly sinceSeconds: number;
}

/** What the panel, the status bar and the timeline show. */
export interface AlertsState {
  /** Open ones first, and of each kind the newest first. */
  readonly alerts: readonly Alert[];
  /** Ids of alerts that somebody has seen to. */
  readonly acknowledged: ReadonlySet<string>;
  readonly rules: LoadedRules | null;
  /** Why the rules that were given are not used, in a sentence. */
  readonly rulesFault: string | null;
  readonly outcomes: readonly RuleOutcome[];
  /** Rings are read although no panel shows them, so that a stuck one is found. */
  readonly isWatchingRings: boolean;
  /** How many, and how often each is asked for before the budget slows it. */
  readonly watched: { readonly rings: number; readonly hz: number };
}

// A stuck queue is told by four snapshots over a second and more: two a second find it in two.
const mostHz = 2;
const leastHz = 0.25;
// Spurious interrupts are counted over windows of a second.
const vectorsHz = 1;
/** Snapshots of rings a second at the most, of all rings together: each copies a whole ring. */
const ringsPerSecond = 8;

/** How often each of so many rings is read for the detectors alone, in hertz. The observer's budget slows it like everything else. */
export const backgroundHz = (rings: number): number => Math.max(leastHz, Math.min(mostHz, ringsPerSecond / Math.max(1, rings)));

/** The rings that are read: a card whose interface is down has none that could hang. */
export const watchedRings = (devices: readonly Device[]): readonly Device[] =>
  devices.filter(({ rings, administrativeUp }) => rings.length > 0 && administrativeUp !== false);

const publishSeconds = 0.5;
const tickMs = 1000;

/** What the desk uses of the model. */
export interface AlertDeskParts {
  readonly loop: FrameLoop;
  readonly watches: Watches;
  /** Whether time passes for the target even while nothing arrives from it: it is live, and no recording. */
  isTimePassing(): boolean;
  later(run: () => void, delayMs: number): void;
  /** Milliseconds on any clock that does not go back. */
  now(): number;
}

/** Feeds the detectors. */
export class AlertDesk {
  readonly store: StoreApi<AlertsState> = createStore<AlertsState>(() => ({
    alerts: [],
    acknowledged: new Set(),
    rules: null,
    rulesFault: null,
    outcomes: [],
    isWatchingRings: true,
    watched: { rings: 0, hz: 0 },
  }));
  readonly #parts: AlertDeskParts;
  readonly #lookout = new Lookout();
  readonly #opened = new Set<(alert: Alert) => void>();
  readonly #facts = new Set<(fact: Fact) => void>();
  readonly #endWatches: (() => void)[] = [];
  #watched = '';
  #run: RulesRun | null = null;
  #devices: readonly Device[] = [];
  #publishedSeconds = 0;
  #openCount = 0;
  // When the newest sample arrived by the window's clock, and what it said by the target's.
  #arrivedMs = 0;
  #sampleSeconds = 0;

  constructor(parts: AlertDeskParts) {
    this.#parts = parts;
    this.#tickLater();
  }

  /** Hears of each alert that opens. */
  onOpened(listener: (alert: Alert) => void): () => void {
    this.#opened.add(listener);
    return () => this.#opened.delete(listener);
  }

  /** Hears of each fact, before the detectors do. */
  onFact(listener: (fact: Fact) => void): () => void {
    this.#facts.add(listener);
    return () => this.#facts.delete(listener);
  }

  /** The newest instant that anything carried, in seconds since boot. */
  get nowSeconds(): number {
    return this.#lookout.situation.nowSeconds;
  }

  /** Takes what has arrived. */
  take(content: FactContent): void {
    const fact = this.#lookout.date(content);
    if (content.kind === 'devices') this.#devices = content.devices;
    if (content.kind === 'sample') {
      this.#arrivedMs = this.#parts.now();
      this.#sampleSeconds = fact.atSeconds;
    }
    for (const listener of this.#facts) listener(fact);
    this.#run?.takeFact(fact);
    if (content.kind === 'restart') this.#arrivedMs = 0;
    this.#told(this.#lookout.takeFact(fact), content.kind === 'restart');
    if (content.kind === 'devices' || content.kind === 'restart') this.#watchOver();
  }

  /** Judges by these rules from now on; what cannot be understood leaves the ones before in force. */
  async loadRules(name: string, text: string): Promise<void> {
    const { RulesRun, readRules } = await import('./rules-engine.ts');
    const read = readRules(text);
    if (!read.ok) {
      this.store.setState({ rulesFault: `${name}: ${read.error}` });
      return;
    }
    const sinceSeconds = this.nowSeconds;
    this.#run = new RulesRun(read.value.rules, sinceSeconds);
    this.#run.takeFact({ kind: 'devices', devices: this.#devices, atSeconds: sinceSeconds });
    this.store.setState({ rules: { name, file: read.value, sinceSeconds }, rulesFault: null, outcomes: this.#run.outcomes() });
  }

  /** Judges by the same rules anew: what broke them before is forgotten. */
  async restartRules(): Promise<void> {
    const { rules } = this.store.getState();
    if (rules) await this.loadRules(rules.name, JSON.stringify(rules.file));
  }

  unloadRules(): void {
    this.#run = null;
    this.store.setState({ rules: null, rulesFault: null, outcomes: [] });
  }

  acknowledge(ids: readonly string[]): void {
    this.store.setState(({ acknowledged }) => ({ acknowledged: new Set([...acknowledged, ...ids]) }));
  }

  /** Whether rings are read for the detectors alone. */
  watchRings(isWatchingRings: boolean): void {
    this.store.setState({ isWatchingRings });
    this.#watchOver();
  }

  #told(opened: readonly Alert[], isCleared: boolean): void {
    const { situation, book } = this.#lookout;
    const hasChanged = opened.length > 0 || isCleared || book.open.length !== this.#openCount;
    this.#openCount = book.open.length;
    const passed = situation.nowSeconds - this.#publishedSeconds;
    if (hasChanged || ((passed < 0 || passed >= publishSeconds) && (this.#openCount > 0 || this.#run))) {
      this.#publishedSeconds = situation.nowSeconds;
      this.#parts.loop.invalidate(this.#publish);
    }
    for (const alert of opened) for (const listener of this.#opened) listener(alert);
  }

  readonly #publish = (): void => {
    this.store.setState(({ acknowledged }) => {
      const { alerts } = this.#lookout.book;
      const known = new Set(alerts.map(({ id }) => id));
      const kept = [...acknowledged].filter((id) => known.has(id));
      return {
        alerts,
        acknowledged: kept.length === acknowledged.size ? acknowledged : new Set(kept),
        outcomes: this.#run?.outcomes() ?? [],
      };
    });
  };

  #tickLater(): void {
    this.#parts.later(() => {
      this.#tick();
      this.#tickLater();
    }, tickMs);
  }

  // What arrives carries its own time; only silence is measured by the window's clock, and only where samples came before.
  #tick(): void {
    if (this.#arrivedMs === 0 || !this.#parts.isTimePassing()) return;
    const silentMs = this.#parts.now() - this.#arrivedMs;
    if (silentMs < tickMs) return;
    const atSeconds = Math.max(this.nowSeconds, this.#sampleSeconds + silentMs / 1000);
    this.#run?.takeFact({ kind: 'tick', atSeconds });
    this.#told(this.#lookout.tick(atSeconds), false);
  }

  #watchOver(): void {
    const devices = this.store.getState().isWatchingRings ? watchedRings(this.#devices) : [];
    const rings = devices.reduce((sum, device) => sum + device.rings.length, 0);
    const hz = backgroundHz(rings);
    const things = devices.flatMap(({ pciAddress: device, rings: own }) => [
      ...own.map(({ kind, index }) => ({ device, what: `ring:${kind}:${index}`, hz })),
      { device, what: 'vectors', hz: vectorsHz },
    ]);
    const key = things.map(({ device, what }) => `${device} ${what}`).join('\n');
    if (key === this.#watched) return;
    this.#watched = key;
    this.store.setState({ watched: { rings, hz } });
    const ended = this.#endWatches.splice(0);
    this.#endWatches.push(...things.map((thing) => this.#parts.watches.want(thing)));
    for (const end of ended) end();
  }
}
