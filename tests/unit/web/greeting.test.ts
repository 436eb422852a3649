import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { acceptSocket, greetingMs, tokenRefused } from '../../../main/web/socket.ts';
import { Tokens } from '../../../main/web/tokens.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

class SilentSocket extends EventEmitter {
  readonly codes: number[] = [];
  close(code: number): void {
    this.codes.push(code);
  }
}

it('closes a socket that shows no token within five seconds', () => {
  const socket = new SilentSocket();
  acceptSocket(socket as unknown as WebSocket, new Tokens(), () => undefined);
  vi.advanceTimersByTime(greetingMs - 1);
  expect(socket.codes).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(socket.codes).toEqual([tokenRefused]);
});

it('forgets the oldest token when too many pages have left theirs behind', () => {
  const tokens = new Tokens();
  const [oldest = '', next = ''] = Array.from({ length: 65 }, () => tokens.issue());
  expect([tokens.spend(oldest), tokens.spend(next), tokens.spend(next)]).toEqual([false, true, false]);
});
