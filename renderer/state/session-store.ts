// What changes at human speed: where the target, the driver and the connection stand. Events alone write here, never the reply to a command.
import { createStore } from 'zustand/vanilla';
import type { LabEvent, PartnerEvent } from '#common/protocol/lab.ts';
import type { BuildEvent, DoctorEvent } from '#common/protocol/machine.ts';
import type { ObservationEvent } from '#common/protocol/observation.ts';
import type { ReplayMark } from '#common/protocol/recording.ts';
import type { EventOf, Refusal, SessionEvent } from '#common/protocol.ts';
import type { ConnectionState } from '../link/connection.ts';

/** A message that stays until somebody dismisses it. */
export interface Message {
  readonly id: number;
  readonly severity: 'info' | 'warning' | 'error';
  readonly title: string;
  readonly detail: string;
}

/** Where an open recording stands, its marks included, which are told now and then. */
export type ShownReplay = EventOf<'replay'> & { readonly marks: readonly ReplayMark[] };

/** The newest event of every kind, and what is to be told. */
export interface SessionState {
  readonly connection: ConnectionState;
  readonly session: EventOf<'session'> | null;
  readonly target: EventOf<'target'> | null;
  readonly hello: EventOf<'hello'> | null;
  readonly module: EventOf<'module'> | null;
  readonly devices: EventOf<'devices'>['devices'] | null;
  readonly traffic: EventOf<'traffic'> | null;
  readonly cost: EventOf<'cost'> | null;
  /** How recording stands; null while nothing was recorded. */
  readonly recording: EventOf<'recording'> | null;
  /** The recordings there are; null before they were asked for. */
  readonly recordings: EventOf<'recordings'> | null;
  /** Where an open recording stands; null while what is inspected is live. */
  readonly replay: ShownReplay | null;
  /** Frames by stream that this window did not get. */
  readonly dropped: Readonly<Record<number, EventOf<'dropped'>>>;
  /** When this window began to miss frames of a stream, and when it last did, in milliseconds since 1970. */
  readonly droppedAt: Readonly<Record<number, { readonly firstUnixMs: number; readonly lastUnixMs: number }>>;
  readonly messages: readonly Message[];
  /** Why a thing that a panel wants cannot be watched, by device and thing. */
  readonly watchFaults: Readonly<Record<string, Refusal>>;
  readonly taken: EventOf<'taken'>['devices'];
  /** The newest two observations of a device, by its address: rates are their difference. */
  readonly observations: Readonly<Record<string, ObservedDevice>>;
  readonly doctor: DoctorEvent | null;
  readonly build: BuildEvent | null;
  /** The lab's cards and cable; null where there is no lab. */
  readonly lab: LabEvent | null;
  /** The lab's port on the other end of the cable. */
  readonly partner: PartnerEvent | null;
}

/** What was seen of a device last, and the time before. */
export interface ObservedDevice {
  readonly newest: ObservationEvent;
  readonly before: ObservationEvent | null;
}

const initial: SessionState = {
  connection: { name: 'connecting' },
  session: null,
  target: null,
  hello: null,
  module: null,
  devices: null,
  traffic: null,
  cost: null,
  recording: null,
  recordings: null,
  replay: null,
  dropped: {},
  droppedAt: {},
  messages: [],
  watchFaults: {},
  taken: [],
  observations: {},
  doctor: null,
  build: null,
  lab: null,
  partner: null,
};

/** Makes an empty store. */
export function createSessionStore() {
  return createStore<SessionState>(() => initial);
}

/** A store as `createSessionStore` makes it. */
export type SessionStore = ReturnType<typeof createSessionStore>;

// Older ones are of no use to anybody who did not act on them.
const messagesKept = 5;
let nextMessage = 1;

/** Shows a message; the same words twice are shown once. */
export function tell(store: SessionStore, message: Omit<Message, 'id'>): void {
  const kept = store.getState().messages.filter(({ title, detail }) => title !== message.title || detail !== message.detail);
  store.setState({ messages: [...kept, { ...message, id: nextMessage }].slice(-messagesKept) });
  nextMessage += 1;
}

/** Takes a message away. */
export function dismiss(store: SessionStore, id: number): void {
  store.setState(({ messages }) => ({ messages: messages.filter((message) => message.id !== id) }));
}

/** Takes an event; `table` belongs to the sample history and changes nothing here. */
export function applyEvent(store: SessionStore, event: SessionEvent): void {
  switch (event.type) {
    case 'devices':
      store.setState({ devices: event.devices });
      break;
    case 'dropped':
      store.setState(({ dropped, droppedAt }) => {
        const lastUnixMs = Date.now();
        const firstUnixMs = droppedAt[event.stream]?.firstUnixMs ?? lastUnixMs;
        return {
          dropped: { ...dropped, [event.stream]: event },
          droppedAt: { ...droppedAt, [event.stream]: { firstUnixMs, lastUnixMs } },
        };
      });
      break;
    case 'notice':
      // In the lab cards come and go because somebody wants it; the panels say what they have lost.
      if (['watch-ended', 'observation-ended'].includes(event.code) && store.getState().target?.kind === 'lab') break;
      tell(store, { severity: event.severity, title: event.text, detail: '' });
      break;
    case 'table':
      break;
    case 'session':
      store.setState({ session: event, dropped: {}, droppedAt: {}, recording: null, replay: null });
      break;
    case 'target':
      store.setState(event.kind === 'recording' ? { target: event } : { target: event, replay: null });
      break;
    case 'recording':
      store.setState({ recording: event });
      break;
    case 'recordings':
      store.setState({ recordings: event });
      break;
    case 'replay':
      store.setState(({ replay }) => ({ replay: { ...event, marks: event.marks ?? replay?.marks ?? [] } }));
      break;
    case 'exported':
      tell(store, { severity: 'info', title: `Exported to ${event.path}`, detail: event.remark ?? '' });
      break;
    case 'hello':
      // Another agent: what its forerunner had taken it tells anew, and rates do not reach across.
      store.setState({ hello: event, taken: [], observations: {}, partner: null });
      break;
    case 'module':
      store.setState({ module: event });
      break;
    case 'traffic':
      store.setState({ traffic: event });
      break;
    case 'cost':
      store.setState({ cost: event });
      break;
    case 'taken':
      store.setState({ taken: event.devices });
      break;
    case 'observation':
      store.setState(({ observations }) => {
        const before = observations[event.device]?.newest ?? null;
        // One that is told again for somebody else's sake is no step in time.
        if (before?.timeNs === event.timeNs) return {};
        return { observations: { ...observations, [event.device]: { newest: event, before } } };
      });
      break;
    case 'doctor':
      store.setState({ doctor: event });
      break;
    case 'build':
      store.setState({ build: event });
      break;
    case 'lab':
      store.setState({ lab: event });
      break;
    case 'partner':
      store.setState({ partner: event });
      break;
  }
}

/** The target answers: connected, and its agent speaks. */
export const isLive = ({ connection, target }: SessionState): boolean => connection.name === 'open' && target?.phase === 'live';

/** Why what is shown may be old, or null when it is live. */
export function staleReason({ connection, target }: SessionState): string | null {
  if (connection.name === 'lost') return 'The connection to Ringscope is lost; this is what was last seen.';
  if (connection.name === 'refused') return connection.reason;
  if (target && target.phase !== 'live') return `The target is ${target.phase}; this is what was last seen.`;
  return null;
}
