// How a window gets its transport: either shell offers a dial, and each attempt ends in one of these.
import type { Transport } from '#common/transport.ts';

/** What an attempt to connect came to. A refused token is final: trying again cannot help. */
export type Attempt =
  | { readonly type: 'open'; readonly transport: Transport }
  | { readonly type: 'unreachable' }
  | { readonly type: 'refused'; readonly reason: string };

/** Makes one attempt. */
export type Dial = () => Promise<Attempt>;
