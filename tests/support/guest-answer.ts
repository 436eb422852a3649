// A question to the guest of a running application: a command typed on its console, and what it printed, by joining its session as the command line does.
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { encodeFrame, FrameDecoder, streams } from '#common/frame.ts';
import { encodeUtf8 } from '#common/text.ts';

let asked = 0;

/** Types `command` on the console of the guest below `runtimeDirectory` and returns what it printed, trimmed. Rejects after `limitMs`, with what the console shows. */
export async function askGuest(runtimeDirectory: string, command: string, limitMs = 30_000): Promise<string> {
  asked += 1;
  // Computed by the shell, so that the echo of the line itself is not taken for the answer.
  const [begin, end] = [`<begin ${asked + 1000}>`, `<end ${asked + 1000}>`];
  const line = `echo "<begin $((${asked}+1000))>"; { ${command}; } 2>&1; echo "<end $((${asked}+1000))>"\n`;
  const socket = createConnection(join(runtimeDirectory, 'ringscope', 'lab', 'session.sock'));
  const decoder = new FrameDecoder();
  const text = new TextDecoder();
  let shown = '';
  let sequence = 0;
  const send = (verb: string, given: object) => {
    const payload = encodeUtf8(JSON.stringify({ type: 'request', id: sequence + 1, verb, arguments: given }));
    socket.write(encodeFrame({ stream: streams.control, sequence, payload }));
    sequence += 1;
  };
  try {
    return await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`The guest did not answer \`${command}\` in ${limitMs} ms. Its console shows:\n${shown.slice(-2000)}`)),
        limitMs,
      );
      timer.unref();
      socket.once('error', reject);
      socket.on('data', (chunk) => {
        for (const event of decoder.push(chunk)) {
          if (event.type !== 'frame' || event.frame.stream !== streams.console) continue;
          shown += text.decode(event.frame.payload, { stream: true });
          send('acknowledge', { stream: streams.console, sequence: event.frame.sequence });
        }
        const [from, to] = [shown.lastIndexOf(begin), shown.lastIndexOf(end)];
        if (from < 0 || to < from) return;
        clearTimeout(timer);
        resolve(
          shown
            .slice(from + begin.length, to)
            .replaceAll('\r', '')
            // What the kernel says meanwhile is on the same console.
            .replaceAll(/^\[ *\d+\.\d+\].*\n?/gm, '')
            .trim(),
        );
      });
      send('hello', { protocol: 1, application: 'test' });
      send('console-write', { text: line });
    });
  } finally {
    socket.destroy();
  }
}

/** Asks again until the answer is as wanted: what the guest does takes its time. Rejects after a minute with the last answer. */
export async function askGuestUntil(runtimeDirectory: string, command: string, wanted: (answer: string) => boolean): Promise<string> {
  const limit = Date.now() + 60_000;
  for (;;) {
    const answer = await askGuest(runtimeDirectory, command);
    if (wanted(answer)) return answer;
    if (Date.now() > limit) throw new Error(`The guest answered \`${command}\` with: ${answer}`);
  }
}
