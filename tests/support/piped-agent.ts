// An agent of the guest's own shell, on plain pipes: what it is asked lies in files, and the end of its input is where the test puts it.
import { encodeFrame, FrameDecoder, streams } from '../../main/common/frame.ts';
import { encodeUtf8 } from '../../main/common/text.ts';
import type { GuestShell } from './guest-shell.ts';

/** A request, and the shell condition that is awaited after it. `$out` is the file of what the agent wrote. */
export interface Step {
  readonly verb: string;
  readonly arguments: object;
  /** Instead of the request: bytes as they are, hexadecimal. */
  readonly bytes?: string;
  readonly until?: string;
}

/** What the agent made of it. */
export interface PipedEnd {
  readonly status: number;
  readonly errorText: string;
  /** Its control messages, in order. */
  readonly messages: readonly { readonly type: string; readonly [key: string]: unknown }[];
}

/** The condition that the request with this place, counted from 1, was answered. */
export const answered = (place: number): string => `grep -q '"id":${place},' $out`;

/** Runs `command` in the guest, hands it the requests one after the other, and closes its input after the last. */
export async function runPiped(guest: Pick<GuestShell, 'run'>, command: string, steps: readonly Step[]): Promise<PipedEnd> {
  const lines = ['out=/tmp/piped.out; rm -f $out; : > $out'];
  steps.forEach(({ verb, arguments: args, bytes: raw }, place) => {
    const payload = encodeUtf8(JSON.stringify({ type: 'request', id: place + 1, verb, arguments: args }));
    const frame = raw ? Buffer.from(raw, 'hex') : Buffer.from(encodeFrame({ stream: streams.control, sequence: place, payload }));
    lines.push(`echo ${frame.toString('base64')} | base64 -d > /tmp/piped.${place}`);
  });
  const wait = (condition: string) => `i=0; until ${condition}; do i=$((i+1)); [ $i -lt 20000 ] || break; usleep 1000; done`;
  const input = steps.map(({ until }, place) => `cat /tmp/piped.${place}; ${wait(until ?? answered(place + 1))}`).join('; ');
  lines.push(`{ ${input}; } | { ${command} > $out 2> /tmp/piped.err; echo $? > /tmp/piped.status; }`);
  await guest.run(lines.join('\n'));
  const status = Number(await guest.run('cat /tmp/piped.status'));
  const errorText = await guest.run('cat /tmp/piped.err');
  const bytes = Buffer.from((await guest.run('base64 /tmp/piped.out')).replaceAll('\n', ''), 'base64');
  const messages = new FrameDecoder().push(bytes).flatMap((event) => {
    if (event.type !== 'frame' || event.frame.stream !== streams.control) return [];
    return [JSON.parse(Buffer.from(event.frame.payload).toString()) as PipedEnd['messages'][number]];
  });
  return { status, errorText, messages };
}
