// Bytes as people read them: offset, sixteen bytes, and what of them is printable.

/** Bytes in a line. */
export const lineBytes = 16;

/** What a byte looks like as a character; a dot where it has none. */
export const printable = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.');

/** Two hex digits. */
export const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');

/** An offset with four digits, as many as a frame needs. */
export const hexOffset = (at: number): string => at.toString(16).padStart(4, '0');

/** The lines that `hexdump -C` and text2pcap understand: offset, two groups of eight bytes, characters. */
export function hexdumpText(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += lineBytes) {
    const line = [...bytes.subarray(at, at + lineBytes)];
    const group = (from: number) =>
      line
        .slice(from, from + 8)
        .map(hexByte)
        .join(' ')
        .padEnd(23);
    lines.push(`${hexOffset(at)}  ${group(0)}  ${group(8)}  ${line.map(printable).join('')}\n`);
  }
  return lines.join('');
}
