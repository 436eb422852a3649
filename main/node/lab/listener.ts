// A Unix socket on which the application waits for QEMU to call.
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';

/** Listens at `path` (an old socket there is removed) and hands over each connection. */
export function listenAt(path: string, onConnection: (socket: Socket) => void): Promise<Server> {
  rmSync(path, { force: true });
  const server = createServer(onConnection);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  });
}
