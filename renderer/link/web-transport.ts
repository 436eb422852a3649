// The web shell: one WebSocket on loopback. The token comes in the address's fragment and never reaches a server log or the history.
import type { Transport } from '#common/transport.ts';
import type { Attempt, Dial } from './dialling.ts';
import { Listeners } from './listeners.ts';

const tokenKey = 'ringscope-token';
const tokenRefused = 4401;

/** What the page looks like to this file, so that a test can stand in for it. */
export interface Page {
  readonly location: { readonly hash: string; readonly host: string; readonly pathname: string; readonly search: string };
  readonly history: { replaceState(data: unknown, unused: string, url: string): void };
  readonly sessionStorage: { getItem(key: string): string | null; setItem(key: string, value: string): void };
  openSocket(url: string): WebSocket;
}

/** Takes the token out of the address bar, or the one kept for reloads. */
export function takeToken({ location, history, sessionStorage }: Page): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token) {
    sessionStorage.setItem(tokenKey, token);
    history.replaceState(null, '', location.pathname + location.search);
  }
  return sessionStorage.getItem(tokenKey);
}

function resumeToken(text: string): string | null {
  try {
    const message: unknown = JSON.parse(text);
    if (typeof message === 'object' && message && 'resume' in message && typeof message.resume === 'string') return message.resume;
  } catch {
    // Not JSON: the caller treats it as no answer.
  }
  return null;
}

/** What to do when the token is missing or refused, in words. */
export const usedAddress = 'This address was already used or is not valid. Take the new address from the terminal in which Ringscope runs.';

function attempt(page: Page, token: string): Promise<Attempt> {
  return new Promise((resolve) => {
    const socket = page.openSocket(`ws://${page.location.host}/socket`);
    socket.binaryType = 'arraybuffer';
    const frames = new Listeners<Uint8Array>();
    const ends = new Listeners<null>();
    const transport: Transport = {
      send: (frame) => socket.send(new Uint8Array(frame)),
      onFrame: (listener) => frames.add(listener),
      onClose: (listener) => ends.add(() => listener()),
      get bufferedBytes() {
        return socket.bufferedAmount;
      },
      close: () => socket.close(),
    };
    let isAccepted = false;
    socket.addEventListener('open', () => socket.send(JSON.stringify({ token })));
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) {
        frames.tell(new Uint8Array(data));
        return;
      }
      const next = typeof data === 'string' ? resumeToken(data) : null;
      if (!next) return;
      page.sessionStorage.setItem(tokenKey, next);
      isAccepted = true;
      resolve({ type: 'open', transport });
    });
    socket.addEventListener('close', ({ code }) => {
      if (isAccepted) ends.tell(null);
      else resolve(code === tokenRefused ? { type: 'refused', reason: usedAddress } : { type: 'unreachable' });
    });
  });
}

/** Connects to the server that served this page. */
export function webDial(page: Page): Dial {
  takeToken(page);
  return async () => {
    const token = page.sessionStorage.getItem(tokenKey);
    return token ? await attempt(page, token) : { type: 'refused', reason: usedAddress };
  };
}
