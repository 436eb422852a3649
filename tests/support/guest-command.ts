// A command typed into the guest of a running application, by joining its session as the command line does.
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { encodeFrame, streams } from '../../main/common/frame.ts';
import { encodeUtf8 } from '../../main/common/text.ts';

/** Joins the session below `runtimeDirectory` and types `line` on the guest's console. */
export async function typeInGuest(runtimeDirectory: string, line: string): Promise<void> {
  const socket = createConnection(join(runtimeDirectory, 'ringscope', 'lab', 'session.sock'));
  const answered = new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.includes('"id":2')) resolve();
    });
  });
  const requests = [
    { type: 'request', id: 1, verb: 'hello', arguments: { protocol: 1, application: 'test' } },
    { type: 'request', id: 2, verb: 'console-write', arguments: { text: `${line}\n` } },
  ];
  requests.forEach((request, sequence) => {
    socket.write(encodeFrame({ stream: streams.control, sequence, payload: encodeUtf8(JSON.stringify(request)) }));
  });
  await answered;
  socket.destroy();
}
