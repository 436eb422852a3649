// How far apart two clocks are, from questions that one asks the other: the answer was given between the asking and its coming, and nothing else is assumed.

/** An instant by the other clock, and what the own clock said before it was asked for and after it was known; all in milliseconds. */
export interface ClockQuestion {
  readonly before: number;
  readonly other: number;
  readonly after: number;
}

/** What has to be added to the other clock to get the own one, at the least and at the most. */
export interface ClockBounds {
  readonly least: number;
  readonly most: number;
}

/**
 * The bounds at an instant of the other clock, from the questions within `reachMs` of it: clocks drift apart, so what was asked long before says little. Infinite
 * without a question in reach. Where they drifted within the reach by more than the answers took, the bounds cross and are told in order.
 */
export function clockBounds(questions: readonly ClockQuestion[], at: number, reachMs: number): ClockBounds {
  let least = Number.NEGATIVE_INFINITY;
  let most = Number.POSITIVE_INFINITY;
  for (const { before, other, after } of questions) {
    if (Math.abs(other - at) > reachMs) continue;
    least = Math.max(least, before - other);
    most = Math.min(most, after - other);
  }
  return { least: Math.min(least, most), most: Math.max(least, most) };
}
