// One frame of a call trace, as the kernel's %pS and %pB print an address: `function+0xoffset/0xsize [module]`.
import { readableSymbol } from './rust-symbol.ts';

/** Where an address lies. */
export interface Frame {
  /** The symbol as the kernel printed it. */
  readonly symbol: string;
  /** The same as a person reads it: a Rust path instead of a mangled name. */
  readonly name: string;
  /** Bytes from the function's start. */
  readonly offset: number;
  /** Bytes of the function. */
  readonly size: number;
  /** The module; null for the kernel itself. */
  readonly module: string | null;
  /** False for an address that merely lay on the stack ("? function"). */
  readonly isReliable: boolean;
}

const place = /([\w.$]+)\+0x([0-9a-f]+)\/0x([0-9a-f]+)(?: \[([\w-]+)(?: [0-9a-f]+)?\])?/;
const line = new RegExp(`^\\s*(\\? )?${place.source}\\s*$`);

function frameOf(symbol = '', offset = '0', size = '0', module: string | undefined, isReliable: boolean): Frame {
  return {
    symbol,
    name: readableSymbol(symbol),
    offset: Number.parseInt(offset, 16),
    size: Number.parseInt(size, 16),
    module: module ?? null,
    isReliable,
  };
}

/** A line of a call trace; null when it is none. */
export function readFrame(text: string): Frame | null {
  const match = line.exec(text);
  return match ? frameOf(match[2], match[3], match[4], match[5], match[1] === undefined) : null;
}

/** The first place that a text names; null when it names none. */
export function findPlace(text: string): Frame | null {
  const match = place.exec(text);
  return match ? frameOf(match[1], match[2], match[3], match[4], true) : null;
}

/** A frame in the kernel's own notation, with the readable name. */
export const frameText = ({ name, offset, size, module }: Frame): string =>
  `${name}+0x${offset.toString(16)}/0x${size.toString(16)}${module ? ` [${module}]` : ''}`;
