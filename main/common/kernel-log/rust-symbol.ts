// Names of Rust functions as a person reads them. The kernel prints them mangled; a whole demangler is not needed to see which function it is.

/** `rigb::dev::open` for `_RNvNtCs…_4rigb3dev4open` (Rust's v0 mangling); other names as they are. Generic arguments are left out. */
export function readableSymbol(symbol: string): string {
  if (!symbol.startsWith('_R')) return symbol;
  const names: string[] = [];
  let at = 2;
  while (at < symbol.length) {
    const rest = symbol.slice(at);
    // A disambiguator: `s`, base-62 digits, `_`.
    const disambiguator = /^s[0-9A-Za-z]*_/.exec(rest);
    if (disambiguator) {
      at += disambiguator[0].length;
      continue;
    }
    const length = /^(0|[1-9]\d*)_?/.exec(rest);
    if (!length) {
      // A back reference: `B`, base-62 digits, `_`.
      at += /^B[0-9A-Za-z]*_/.exec(rest)?.[0].length ?? 1;
      continue;
    }
    const size = Number(length[1]);
    // The underscore is there only where the name begins with a digit or an underscore itself.
    const start = at + length[0].length;
    const name = symbol.slice(start, start + size);
    if (size > 0 && /^\w+$/.test(name)) names.push(name);
    at = start + size;
  }
  return names.length === 0 ? symbol : names.join('::');
}
