// What makes the stand-in strict: a member or an event that is not modelled is an error, never undefined.
import { EventEmitter } from 'node:events';

/** Wraps an object so that reading or writing a member that it does not have throws. */
export function strict<T extends object>(name: string, members: T): T {
  return new Proxy(members, {
    get(target, key) {
      // A promise asks every value for `then`, and assertions ask for symbols.
      if (typeof key === 'symbol' || key === 'then' || key in target) return Reflect.get(target, key);
      throw new Error(`The stand-in does not model ${name}.${key}.`);
    },
    set(_target, key) {
      throw new Error(`Nothing may set ${name}.${String(key)}.`);
    },
  });
}

type Listener = (...values: never[]) => void;

/** The methods of an emitter that knows its events. */
export interface Events {
  on(event: string, listener: Listener): void;
  once(event: string, listener: Listener): void;
  off(event: string, listener: Listener): void;
}

/** An emitter for the given events only; `emit` is the test's side. */
export function events(name: string, known: readonly string[]): { methods: Events; emit(event: string, ...values: unknown[]): void } {
  const emitter = new EventEmitter();
  const checked = (event: string) => {
    if (!known.includes(event)) throw new Error(`The stand-in does not model the event “${event}” of ${name}.`);
    return event;
  };
  return {
    methods: {
      on: (event, listener) => void emitter.on(checked(event), listener as (...values: unknown[]) => void),
      once: (event, listener) => void emitter.once(checked(event), listener as (...values: unknown[]) => void),
      off: (event, listener) => void emitter.off(checked(event), listener as (...values: unknown[]) => void),
    },
    emit: (event, ...values) => void emitter.emit(checked(event), ...values),
  };
}

/** An event that can be prevented, as Electron hands one out. */
export class Preventable {
  isPrevented = false;
  readonly url: string;

  constructor(url = '') {
    this.url = url;
  }

  preventDefault(): void {
    this.isPrevented = true;
  }
}
