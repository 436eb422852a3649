// Loopback is shared by all users of a machine. The browser's command line shows the address to them too, so the kernel is asked whose connection it is.
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';

function endpoint(port: number): string {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** One connection of `/proc/net/tcp`: the user id that owns the end at `local`, or null when it is not listed. */
function owner(table: string, local: string, remote: string): number | null {
  for (const line of table.split('\n')) {
    const [, from, to, , , , , user] = line.trim().split(/\s+/);
    if (from === local && to === remote) return Number(user);
  }
  return null;
}

/**
 * Whether the peer's end belongs to `user`, or to root, whose reach needs no socket. `table` is the text of `/proc/net/tcp`. Where it does not even
 * list our own end it tells nothing, and the token alone decides.
 */
export function isPeerOf(user: number, table: string, peerPort: number, ownPort: number): boolean {
  const [peer, own] = [endpoint(peerPort), endpoint(ownPort)];
  if (owner(table, own, peer) === null) return true;
  const found = owner(table, peer, own);
  return found === user || found === 0;
}

/** Whether the other end of a loopback connection is a process of this user. */
export function isOwnUser(socket: Socket): boolean {
  const user = process.getuid?.();
  let table: string;
  try {
    table = readFileSync('/proc/net/tcp', 'utf8');
  } catch {
    return true;
  }
  return user === undefined || isPeerOf(user, table, socket.remotePort ?? 0, socket.localPort ?? 0);
}
