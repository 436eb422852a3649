// How long ago each descriptor changed, as a shade a pixel column: the ring's map above its table.

/** Changes that are older are drawn as the faintest. */
const faintSeconds = 30;
/** Changes that are younger are drawn as the strongest. */
const strongSeconds = 0.1;

/** How strongly a change of that age is drawn: 1 is just now, 0.12 long ago. Ages are spread logarithmically, since a ring turns in milliseconds or in minutes. */
export function strengthOf(ageSeconds: number): number {
  const age = Math.min(faintSeconds, Math.max(strongSeconds, ageSeconds));
  return 1 - 0.88 * (Math.log(age / strongSeconds) / Math.log(faintSeconds / strongSeconds));
}

/** The strength of each pixel column of the map, that of its youngest change; 0 where nothing changed. `changedSeconds` 0 is never. `into` has the map's width. */
export function heatColumns(changedSeconds: Float64Array, nowSeconds: number, into: Float32Array): void {
  const count = changedSeconds.length;
  into.fill(0);
  if (count === 0) return;
  for (let column = 0; column < into.length; column += 1) {
    const first = Math.floor((column * count) / into.length);
    const end = Math.max(first + 1, Math.floor(((column + 1) * count) / into.length));
    let youngest = 0;
    for (let slot = first; slot < end; slot += 1) youngest = Math.max(youngest, changedSeconds[slot] ?? 0);
    if (youngest > 0) into[column] = strengthOf(nowSeconds - youngest);
  }
}
