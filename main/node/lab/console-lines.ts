// The guest's last words: the newest lines of its console, kept for the moment when there will be no others.

const controlSequences = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]|\\r`, 'g');

/** Keeps the newest `capacity` console lines and knows a kernel panic when it reads one. */
export class ConsoleLines {
  readonly #capacity: number;
  readonly #decoder = new TextDecoder();
  #lines: string[] = [];
  #open = '';

  constructor(capacity = 60) {
    this.#capacity = capacity;
  }

  /** Takes the bytes as they come; a line may come in pieces. */
  add(bytes: Uint8Array): void {
    const parts = (this.#open + this.#decoder.decode(bytes, { stream: true })).split('\n');
    this.#open = (parts.pop() ?? '').slice(-4096);
    const whole = parts.map((line) => line.replace(controlSequences, '')).filter((line) => line.trim() !== '');
    this.#lines = [...this.#lines, ...whole].slice(-this.#capacity);
  }

  /** The kept lines, oldest first, an unfinished last one included. */
  get lines(): string[] {
    const open = this.#open.replace(controlSequences, '');
    return open.trim() === '' ? this.#lines : [...this.#lines, open];
  }

  /** The line that says why the kernel panicked, or null while it has not. */
  get panic(): string | null {
    return this.lines.find((line) => line.includes('Kernel panic - not syncing')) ?? null;
  }
}
