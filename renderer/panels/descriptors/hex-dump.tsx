// Bytes with their offsets and characters. Pointing at a byte says which; those of a field are lit.
import { memo, type PointerEvent, useLayoutEffect, useRef, useState } from 'react';
import { hexByte, hexOffset, lineBytes, printable } from '#common/frames/hexdump.ts';

/** Bytes from `at` on, so many. */
export interface ByteRange {
  readonly at: number;
  readonly bytes: number;
}

// More than the longest frame of usual length; what is behind it is in copies and files.
const mostShown = 4096;
// What a line of 16 bytes needs beside its scroll bar, in the font of the dump.
const wideWidth = 500;

interface LineProps {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly perLine: number;
  /** Lit bytes of this line, as places in it; none when they are the same. */
  readonly litFrom: number;
  readonly litTo: number;
}

/** Text in three parts, of which the middle one is lit. */
function Parts({ text, from, to }: { text: string; from: number; to: number }) {
  if (from >= to) return text;
  return (
    <>
      {text.slice(0, from)}
      <mark>{text.slice(from, to)}</mark>
      {text.slice(to)}
    </>
  );
}

// Lines are painted by themselves, so that pointing paints those alone whose light changes.
const Line = memo(function Line({ bytes, at, perLine, litFrom, litTo }: LineProps) {
  const line = [...bytes.subarray(at, at + perLine)];
  const digits = line
    .map(hexByte)
    .join(' ')
    .padEnd(3 * perLine - 1);
  return (
    <div className="dump-line" data-at={at}>
      <span className="soft">{hexOffset(at)}</span>
      <span data-part="digits">
        <Parts text={digits} from={3 * litFrom} to={litTo > litFrom ? 3 * litTo - 1 : 0} />
      </span>
      <span data-part="characters">
        <Parts text={line.map(printable).join('').padEnd(perLine)} from={litFrom} to={litTo} />
      </span>
    </div>
  );
});

/** Which byte the pointer is over, by where it is in the text: all characters are equally wide. */
function byteUnder({ target, clientX }: PointerEvent, perLine: number): number | null {
  const part = target instanceof Element ? target.closest<HTMLElement>('[data-part]') : null;
  const line = part?.closest<HTMLElement>('[data-at]');
  if (!part || !line) return null;
  const { left, width } = part.getBoundingClientRect();
  const share = (clientX - left) / width;
  const place = part.dataset.part === 'digits' ? Math.floor((share * (3 * perLine - 1)) / 3) : Math.floor(share * perLine);
  return Number(line.dataset.at) + Math.min(Math.max(place, 0), perLine - 1);
}

/** The dump. `onPoint` hears of the byte under the pointer, null where there is none. */
export function HexDump({ bytes, lit, onPoint }: { bytes: Uint8Array; lit: ByteRange | null; onPoint: (at: number | null) => void }) {
  const place = useRef<HTMLDivElement>(null);
  const [perLine, setPerLine] = useState(lineBytes);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element || typeof ResizeObserver === 'undefined') return;
    const measure = () => setPerLine(element.clientWidth >= wideWidth || element.clientWidth === 0 ? lineBytes : lineBytes / 2);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const shown = Math.min(bytes.length, mostShown);
  const lines = Array.from({ length: Math.ceil(shown / perLine) }, (_, index) => index * perLine);
  return (
    <div className="hex-dump mono" ref={place}>
      <div
        role="img"
        aria-label={`Hex dump of ${bytes.length} bytes`}
        data-testid="hex-dump"
        onPointerMove={(event) => {
          const at = byteUnder(event, perLine);
          onPoint(at !== null && at < bytes.length ? at : null);
        }}
        onPointerLeave={() => onPoint(null)}
      >
        {lines.map((at) => {
          const from = lit ? Math.min(Math.max(lit.at - at, 0), perLine) : 0;
          const to = lit ? Math.min(Math.max(lit.at + lit.bytes - at, 0), perLine) : 0;
          const isLit = from < to;
          return <Line key={at} bytes={bytes} at={at} perLine={perLine} litFrom={isLit ? from : 0} litTo={isLit ? to : 0} />;
        })}
      </div>
      {bytes.length > shown && <p className="soft">The other {bytes.length - shown} bytes are in what is copied and saved.</p>}
    </div>
  );
}
