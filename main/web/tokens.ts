// Single-use secrets. A page shows one to connect and is given the next, so that an address seen by someone else is worth nothing once it was used.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Pages that are gone leave their next token behind; only this many are kept. */
const kept = 64;

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** The tokens that may still be spent. */
export class Tokens {
  // Digests are kept: equal lengths for the comparison, and nothing usable in a memory dump.
  #outstanding: Buffer[] = [];

  /** A new token of 256 bits, safe in a URL. */
  issue(): string {
    const token = randomBytes(32).toString('base64url');
    this.#outstanding = [...this.#outstanding.slice(1 - kept), digest(token)];
    return token;
  }

  /** Whether the token was outstanding; it is not any more. Takes the same time whichever token matches, or none. */
  spend(token: string): boolean {
    const offered = digest(token);
    const left = this.#outstanding.filter((known) => !timingSafeEqual(known, offered));
    const isKnown = left.length < this.#outstanding.length;
    this.#outstanding = left;
    return isKnown;
  }
}
