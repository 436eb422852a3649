// Compression of chunks. The library is WebAssembly that loads in the background, so whoever uses it waits for it once.
import zstd from '@foxglove/wasm-zstd';

// Level 1: a chunk holds one stream's second, and a recorder must not cost what it observes.
const level = 1;

let isLoaded = false;
const loading = zstd.isLoaded.then(() => {
  isLoaded = true;
});

/** Waits until the two functions below may be called. */
export const zstdReady = (): Promise<void> => loading;

/** Whether the two functions below may be called now. */
export const isZstdReady = (): boolean => isLoaded;

/** Compresses one chunk. */
export const compress = (bytes: Uint8Array): Uint8Array => zstd.compress(bytes, level);

/** Decompresses one chunk of known size; throws an Error when the bytes are not what they should be. */
export const decompress = (bytes: Uint8Array, size: number): Uint8Array => zstd.decompress(bytes, size);
