// Row numbers in rising order, as many as there are rows: it grows at the end, gives up its front, and takes a few in between.

const firstCapacity = 1024;

/** A sorted list of distinct numbers in one typed array. */
export class NumberList {
  #numbers = new Float64Array(firstCapacity);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  /** The number at a position; NaN outside of the list. */
  at(index: number): number {
    return index < 0 || index >= this.length ? Number.NaN : (this.#numbers[this.#start + index] ?? Number.NaN);
  }

  /** The position of the first number that is not below this one; the length when all are. */
  lowerBound(number: number): number {
    let low = this.#start;
    let high = this.#end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#numbers[middle] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return low - this.#start;
  }

  /** The position of a number; -1 when it is not in the list. */
  indexOf(number: number): number {
    const index = this.lowerBound(number);
    return this.at(index) === number ? index : -1;
  }

  has(number: number): boolean {
    return this.indexOf(number) >= 0;
  }

  /** Adds a number in its place; one that is there already changes nothing. */
  add(number: number): void {
    if (this.length === 0 || number > this.at(this.length - 1)) {
      this.#reserve(1);
      this.#numbers[this.#end] = number;
      this.#end += 1;
      return;
    }
    const at = this.#start + this.lowerBound(number);
    if (this.#numbers[at] === number) return;
    const shift = this.#reserve(1);
    this.#numbers.copyWithin(at + shift + 1, at + shift, this.#end);
    this.#numbers[at + shift] = number;
    this.#end += 1;
  }

  /** Takes a number out, if it is there. */
  remove(number: number): void {
    const index = this.indexOf(number);
    if (index < 0) return;
    const at = this.#start + index;
    this.#numbers.copyWithin(at, at + 1, this.#end);
    this.#end -= 1;
  }

  /** Gives up all numbers below this one and says how many those were. */
  dropBelow(number: number): number {
    const count = this.lowerBound(number);
    this.#start += count;
    return count;
  }

  clear(): void {
    this.#start = 0;
    this.#end = 0;
  }

  /** Makes room at the end; says by how much what is there has moved. */
  #reserve(count: number): number {
    if (this.#end + count <= this.#numbers.length) return 0;
    const moved = -this.#start;
    // What was given up at the front is room too, before more is taken.
    const target =
      this.#start > this.#numbers.length / 2
        ? this.#numbers
        : new Float64Array(Math.max(Math.ceil(this.#numbers.length * 1.5), this.length + count));
    target.set(this.#numbers.subarray(this.#start, this.#end));
    this.#numbers = target;
    this.#end -= this.#start;
    this.#start = 0;
    return moved;
  }
}
