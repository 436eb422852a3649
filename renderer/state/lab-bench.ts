// What is being done to the lab from this window: the question that is open, what runs, and why the last thing failed.
import { createStore } from 'zustand/vanilla';
import type { Arguments, EventOf, Refusal } from '#common/protocol.ts';
import { type LabAction, type LabPlace, type PortNumber, perform, placeOf, progressOf, questionOf } from './lab-actions.ts';
import { portsOf } from './lab-ports.ts';
import type { SessionState } from './session-store.ts';
import type { WindowModel } from './window-model.ts';

/** How it stands. */
export interface LabBenchState {
  /** What a person is asked to confirm. */
  readonly asked: LabAction | null;
  /** What runs, in words. */
  readonly running: Readonly<Partial<Record<LabPlace, string>>>;
  /** Why the last thing at a place was refused. */
  readonly refusals: Readonly<Partial<Record<LabPlace, Refusal>>>;
}

type Traffic = EventOf<'traffic'>;

// A port that was made anew negotiates its link within three seconds under translation.
const linkLimitMs = 20_000;

/** Whether traffic has a sender on a port: the partner sends what is received, seen from the device under test. */
const hasSender = ({ direction }: Traffic, port: PortNumber): boolean => direction === 'both' || (direction === 'receive') === (port === 1);

/** Asks for the same traffic once more. */
const again = ({ direction, framesPerSecond, frameBytes, flows, burst, damage }: Traffic): Arguments<'traffic'> => ({
  ...{ running: true, direction, framesPerSecond, frameBytes },
  ...(flows !== undefined && { flows }),
  ...(burst !== undefined && { burst }),
  ...(damage !== undefined && { damage }),
});

/** The window's hands on the lab. */
export class LabBench {
  readonly store = createStore<LabBenchState>(() => ({ asked: null, running: {}, refusals: {} }));
  readonly #model: Pick<WindowModel, 'request' | 'session'>;
  /** Traffic whose sender was taken away, by its port: it goes on when the port is back. */
  readonly #interrupted = new Map<PortNumber, Traffic>();

  constructor(model: Pick<WindowModel, 'request' | 'session'>) {
    this.#model = model;
  }

  /** Does it, or asks first where something is lost. */
  do(action: LabAction): void {
    if (questionOf(action)) this.store.setState({ asked: action });
    else void this.#run(action);
  }

  /** The answer to the question. */
  answer(isYes: boolean): void {
    const { asked } = this.store.getState();
    this.store.setState({ asked: null });
    if (asked && isYes) void this.#run(asked);
  }

  async #run(action: LabAction): Promise<void> {
    const place = placeOf(action);
    this.#say(place, progressOf(action));
    const { traffic } = this.#model.session.getState();
    const isPortMadeAnew = action.kind === 'unplug' || action.kind === 'plug' || action.kind === 'driver';
    if (isPortMadeAnew && traffic?.running && hasSender(traffic, action.port)) this.#interrupted.set(action.port, traffic);
    const refusal = await perform(this.#model, action);
    if (refusal === null && isPortMadeAnew && !(action.kind === 'unplug' || (action.kind === 'driver' && action.driver === null)))
      await this.#resume(action.port, place);
    this.#end(place, action, refusal);
  }

  /** A sender ended with its interface. Whoever swaps drivers to compare them wants the same frames again. */
  async #resume(port: PortNumber, place: LabPlace): Promise<void> {
    const traffic = this.#interrupted.get(port);
    this.#interrupted.delete(port);
    if (!traffic) return;
    this.#say(place, 'Traffic goes on once the link is up…');
    const isUp = await this.#until((state) => portsOf(state)[port]?.carrier === true && state.traffic?.available === true);
    if (isUp) await this.#model.request('traffic', again(traffic));
  }

  #until(holds: (state: SessionState) => boolean): Promise<boolean> {
    const { session } = this.#model;
    if (holds(session.getState())) return Promise.resolve(true);
    return new Promise((resolve) => {
      const finish = (is: boolean) => {
        clearTimeout(limit);
        unsubscribe();
        resolve(is);
      };
      const limit = setTimeout(() => finish(false), linkLimitMs);
      const unsubscribe = session.subscribe((state) => holds(state) && finish(true));
    });
  }

  #say(place: LabPlace, step: string): void {
    this.store.setState(({ running, refusals: { [place]: _, ...refusals } }) => ({ running: { ...running, [place]: step }, refusals }));
  }

  #end(place: LabPlace, action: LabAction, refusal: Refusal | null): void {
    // Who crashes a guest hears no answer, or that the pipe has ended: that is what was wanted.
    const isFailure = refusal !== null && !(action.kind === 'crash' && refusal.code === 'target-not-live');
    this.store.setState(({ running: { [place]: _, ...running }, refusals }) => ({
      running,
      refusals: isFailure ? { ...refusals, [place]: refusal } : refusals,
    }));
  }
}
