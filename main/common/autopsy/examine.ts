// Asks every cause in order. Of those that explain the case, the first of the surest kind is the likely one.
import type { AutopsyDocument, ExplainedCause } from '#common/autopsy/autopsy-document.ts';
import type { Cause, Confidence } from '#common/autopsy/cause.ts';
import { busMasterOff, cardGone, engineOff, linkLost, paused } from '#common/autopsy/causes-card.ts';
import {
  budgetStarved,
  headStopped,
  interruptMasked,
  notCleaned,
  outOfDescriptors,
  tailNotWritten,
} from '#common/autopsy/causes-driver.ts';
import type { FrozenCase } from '#common/autopsy/frozen-case.ts';
import { ownRing } from '#common/autopsy/movement.ts';

/** The order: what makes the others follow comes first. A card that is gone fetches nothing either. */
export const causes: readonly Cause[] = [
  cardGone,
  busMasterOff,
  linkLost,
  engineOff,
  paused,
  tailNotWritten,
  headStopped,
  interruptMasked,
  budgetStarved,
  notCleaned,
  outOfDescriptors,
];

const surestFirst: readonly Confidence[] = ['certain', 'likely', 'possible'];

function missingOf(frozen: FrozenCase): string[] {
  const ring = ownRing(frozen);
  return [
    ...(frozen.queue === null ? ['No queue was named, so nothing is said of a ring.'] : []),
    ...(frozen.queue !== null && ring === null
      ? ['No snapshot of the ring was told: only a driver that shows its rings can be looked into.']
      : []),
    ...(ring !== null && ring.history.length < 3
      ? [`The ring was seen ${ring.history.length} times only, so little can be said of its movement.`]
      : []),
    ...(frozen.registers === null ? ['The registers could not be read.'] : []),
    ...(frozen.vectors.length === 0 ? ['The driver’s counts of its vectors were not told.'] : []),
    ...(frozen.rates === null ? ['There were not two samples.'] : []),
  ];
}

/** Makes the page. */
export function examine(frozen: FrozenCase): AutopsyDocument {
  const explained: ExplainedCause[] = [];
  const excluded: string[] = [];
  for (const { id, title, explain } of causes) {
    const found = explain(frozen);
    if (found) explained.push({ id, title, ...found, evidence: [...found.evidence] });
    else excluded.push(title);
  }
  const [likelyCause = null, ...otherCauses] = surestFirst.flatMap((confidence) =>
    explained.filter((one) => one.confidence === confidence),
  );
  const queue = frozen.queue === null ? '' : ` ${frozen.queue.kind.toUpperCase()} queue ${frozen.queue.index}`;
  return {
    format: 'ringscope-autopsy',
    version: 1,
    title: `${frozen.interface ?? frozen.device}${queue}: ${likelyCause?.title ?? 'no cause found'}`,
    when: { secondsSinceBoot: frozen.atSeconds, unixMs: frozen.atUnixMs },
    likelyCause,
    otherCauses,
    excluded,
    missing: missingOf(frozen),
    frozen,
  };
}
