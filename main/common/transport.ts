// The one pipe that both shells give to the window: whole frames each way, in order.

/** Ends a subscription; calling it again does nothing. */
export type Unsubscribe = () => void;

/** A bidirectional channel of whole frames (12-byte header and payload, see driver/wire/README.md). */
export interface Transport {
  /** Sends one whole frame; the bytes may be taken over. */
  send(frame: Uint8Array): void;
  /** Called with each whole frame that arrives. */
  onFrame(listener: (frame: Uint8Array) => void): Unsubscribe;
  /** Called once when the channel has ended, from whichever side. */
  onClose(listener: () => void): Unsubscribe;
  /** Bytes accepted by `send` that have not left yet. */
  readonly bufferedBytes: number;
  close(): void;
}
