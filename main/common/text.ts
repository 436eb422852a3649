// Bytes and text. Node and the window both have these two classes; the pure language library that this folder is checked against does not name them.

interface Decoder {
  decode(bytes?: Uint8Array, options?: { stream?: boolean }): string;
}

interface Encoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

const platform = globalThis as unknown as {
  TextDecoder: new (label?: string, options?: { fatal?: boolean }) => Decoder;
  TextEncoder: new () => Encoder;
};

const utf8 = new platform.TextDecoder();
const strictUtf8 = new platform.TextDecoder('utf-8', { fatal: true });
const latin1 = new platform.TextDecoder('latin1');
const encoder = new platform.TextEncoder();

/** UTF-8 to text; malformed bytes become U+FFFD, since a log line is shown whatever it holds. */
export const decodeUtf8 = (bytes: Uint8Array): string => utf8.decode(bytes);

/** UTF-8 to text; throws a TypeError for malformed bytes. */
export const decodeStrictUtf8 = (bytes: Uint8Array): string => strictUtf8.decode(bytes);

/** One character a byte. */
export const decodeLatin1 = (bytes: Uint8Array): string => latin1.decode(bytes);

/** Text to UTF-8. */
export const encodeUtf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);
