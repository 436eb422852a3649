// Stream 7: `0 u32 terminalId · 4 u32 flags · 8 bytes`; see driver/wire/README.md.
import type { Result } from '../result.ts';
import { badRecord, reading, viewOf } from './bulk-reader.ts';

const headerBytes = 8;
const retoldFlag = 1;

/** What a shell printed. `isRetold` marks what was kept, told from its start: a reset precedes it, and whoever shows it answers none of its queries. */
export interface TerminalOutput {
  readonly terminalId: number;
  readonly isRetold: boolean;
  readonly bytes: Uint8Array;
}

/** Encodes a payload. */
export function terminalPayload({ terminalId, isRetold, bytes }: TerminalOutput): Uint8Array {
  const payload = new Uint8Array(headerBytes + bytes.length);
  const view = viewOf(payload);
  view.setUint32(0, terminalId, true);
  view.setUint32(4, isRetold ? retoldFlag : 0, true);
  payload.set(bytes, headerBytes);
  return payload;
}

/** Reads a payload; `bytes` is a view into it. The error says why it contradicts itself. */
export function readTerminalOutput(payload: Uint8Array): Result<TerminalOutput, string> {
  return reading(() => {
    const view = viewOf(payload);
    const terminalId = view.getUint32(0, true);
    const flags = view.getUint32(4, true);
    if (flags > retoldFlag) badRecord(`the flags ${flags} are not defined`);
    return { terminalId, isRetold: flags === retoldFlag, bytes: payload.subarray(headerBytes) };
  });
}
