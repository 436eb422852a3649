// Causes that lie between card and driver: a tail that was not written, a head that stopped, an interrupt that does not come, a poll that gets no time.
import { type Evidence, evidence } from '#common/alerts/alert.ts';
import type { Cause } from '#common/autopsy/cause.ts';
import type { FrozenCase, FrozenRing } from '#common/autopsy/frozen-case.ts';
import { countedWithin, ownRing, ownVector, stoodFor } from '#common/autopsy/movement.ts';
import { bits, hex, isSet, offsets, registerOf } from '#common/autopsy/registers.ts';

// Over which the vector's counts are judged.
const judgedSeconds = 5;
// A position that stood less long than this may be about to move.
const standsSeconds = 0.25;
// Polls a second from which on polling is no rest.
const busyPollsPerSecond = 1000;

const positionNames = (kind: 'rx' | 'tx') => (kind === 'rx' ? { head: 'RDH', tail: 'RDT' } : { head: 'TDH', tail: 'TDT' });

function positions({ kind, history }: FrozenRing): Evidence[] {
  const newest = history.at(-1);
  if (!newest) return [];
  const names = positionNames(kind);
  return [
    evidence(names.head, newest.head, '', newest.atSeconds),
    evidence(names.tail, newest.tail, '', newest.atSeconds),
    evidence('next_to_use', newest.nextToUse, '', newest.atSeconds),
    evidence('next_to_clean', newest.nextToClean, '', newest.atSeconds),
  ];
}

const stands = (ring: FrozenRing, position: 'head' | 'tail' | 'nextToClean'): number | null => {
  const seconds = stoodFor(ring, position);
  return seconds !== null && seconds >= standsSeconds ? seconds : null;
};

/** The driver posted and did not ring. */
export const tailNotWritten: Cause = {
  id: 'tail-not-written',
  title: 'The tail was not written',
  explain(frozen) {
    const ring = ownRing(frozen);
    const newest = ring?.history.at(-1);
    if (!ring || !newest || !ring.isFromCard) return null;
    const isBehind = newest.tail !== newest.nextToUse;
    const stood = stands(ring, 'tail');
    // While the card still has something to do, a tail that lags may be a batch that is being gathered.
    if (!isBehind || newest.head !== newest.tail || stood === null) return null;
    const { tail } = positionNames(ring.kind);
    return {
      confidence: 'likely',
      text: `The driver has posted up to next_to_use and not told the card: ${tail} stands at ${newest.tail}, next_to_use at ${newest.nextToUse}, and the card has used up what it knows of.`,
      next: 'Look at where the doorbell is skipped: a batch (xmit_more) whose last frame was dropped, an error path after posting, a wrong comparison before writing the tail.',
      evidence: [...positions(ring), evidence(`${tail} stood for`, Math.round(stood * 1000), 'ms', newest.atSeconds)],
    };
  },
};

/** The card knows and does not fetch. */
export const headStopped: Cause = {
  id: 'head-stopped',
  title: 'The head has stopped: the card does not fetch',
  explain(frozen) {
    const ring = ownRing(frozen);
    const newest = ring?.history.at(-1);
    if (!ring || !newest || ring.kind !== 'tx' || !ring.isFromCard || newest.head === newest.tail) return null;
    const stood = stands(ring, 'head');
    if (stood === null) return null;
    return {
      confidence: 'likely',
      text: `TDH has stood at ${newest.head} for ${(stood * 1000).toFixed(0)} ms with TDT at ${newest.tail}: the card knows of descriptors and does not fetch them, though its engine is on.`,
      next: 'Look at the descriptor at TDH (a length or an address that makes no sense stops the engine), at the IOMMU’s faults in the log, and at AER.',
      evidence: [...positions(ring), evidence('TDH stood for', Math.round(stood * 1000), 'ms', newest.atSeconds)],
    };
  },
};

/** Whether what the card has done waits for the driver. */
function waitingForDriver(frozen: FrozenCase): FrozenRing | null {
  const ring = ownRing(frozen);
  if (!ring) return null;
  return ring.pending?.waiting === 'driver' && stands(ring, 'nextToClean') !== null ? ring : null;
}

/** The vector's own bit in the mask. */
export const interruptMasked: Cause = {
  id: 'interrupt-masked',
  title: 'The interrupt is masked or does not come',
  explain(frozen) {
    const ring = waitingForDriver(frozen);
    const vector = ownVector(frozen);
    if (!ring || !vector) return null;
    const isMsix = isSet(frozen, offsets.GPIE, bits.GPIE.MULTIPLE_MSIX);
    const mask = isMsix === false ? offsets.IMS : offsets.EIMS;
    const maskName = isMsix === false ? 'IMS' : 'EIMS';
    const value = registerOf(frozen, mask);
    const isMasked = value === null ? null : isMsix === false ? value === 0 : ((value >>> vector.vector) & 1) === 0;
    const counted = countedWithin(vector, judgedSeconds);
    const isSilent = counted !== null && counted.handled === 0;
    // Masked while it is polled is how NAPI works.
    const isPolled = counted !== null && counted.polls > 0;
    if (isPolled || (isMasked !== true && !isSilent)) return null;
    const newest = ring.history.at(-1);
    const at = newest?.atSeconds ?? frozen.atSeconds;
    return {
      confidence: isMasked === true && isSilent ? 'certain' : 'likely',
      text:
        isMasked === true
          ? `Descriptors are done and wait for the driver, and vector ${vector.vector} is masked in ${maskName} while nothing polls: nobody will be woken.`
          : `Descriptors are done and wait for the driver, and vector ${vector.vector} has not interrupted for ${counted?.overSeconds.toFixed(1)} s although it is not masked.`,
      next:
        isMasked === true
          ? 'Look at who should have unmasked it: the end of the poll (napi_complete_done and the write to EIMS), or a mask that an error path left behind.'
          : 'Look at IVAR (is the queue mapped to this vector?), at the MSI-X table and mask of the function, at EITR, and at /proc/interrupts.',
      evidence: [
        ...(value === null ? [] : [evidence(maskName, hex(value), '', frozen.registers?.atSeconds ?? at)]),
        evidence('vector', vector.vector, '', at),
        ...(counted ? [evidence(`interrupts within ${counted.overSeconds.toFixed(1)} s`, counted.handled, '', at)] : []),
        ...(counted ? [evidence(`polls within ${counted.overSeconds.toFixed(1)} s`, counted.polls, '', at)] : []),
        evidence('done descriptors', ring.states.done + ring.states.error, '', at),
        ...positions(ring),
      ],
    };
  },
};

/** Interrupts come, and the poll does not get on. */
export const budgetStarved: Cause = {
  id: 'budget-starved',
  title: 'The poll is starved',
  explain(frozen) {
    const ring = ownRing(frozen);
    const vector = ownVector(frozen);
    const counted = vector && countedWithin(vector, judgedSeconds);
    if (!ring || !vector || !counted || counted.overSeconds <= 0) return null;
    const waiting = ring.states.done + ring.states.error;
    if (ring.pending?.waiting !== 'driver' || waiting === 0) return null;
    const at = ring.history.at(-1)?.atSeconds ?? frozen.atSeconds;
    const pollsPerSecond = counted.polls / counted.overSeconds;
    const softirq = frozen.rates?.softirqs.find(({ name }) => name === 'NET_RX');
    const numbers: Evidence[] = [
      evidence('done descriptors', waiting, '', at),
      evidence('interrupts', counted.handled / counted.overSeconds, '/s', at),
      evidence('polls', pollsPerSecond, '/s', at),
      ...(counted.exhausted === null
        ? []
        : [evidence('polls that used up their budget', counted.exhausted / counted.overSeconds, '/s', at)]),
      ...(softirq ? [evidence('NET_RX softirqs', softirq.perSecond, '/s', at)] : []),
      ...positions(ring),
    ];
    if (counted.handled > 0 && counted.polls === 0) {
      return {
        confidence: 'likely',
        text: `Vector ${vector.vector} interrupted ${counted.handled} times and its poll never ran: the softirq gets no time on its CPU.`,
        next: 'Look at what holds the CPU (a real-time task, softirqs disabled for long, ksoftirqd below other work), and at /proc/softirqs.',
        evidence: numbers,
      };
    }
    // Half the ring waits while the poll runs all the time: it is not idle, it is too slow.
    if (waiting * 2 >= ring.descriptorCount && pollsPerSecond >= busyPollsPerSecond) {
      return {
        confidence: 'likely',
        text: `The poll runs ${Math.round(pollsPerSecond)} times a second and ${waiting} of ${ring.descriptorCount} descriptors still wait: it uses up its budget and cannot keep up.`,
        next: 'Look at ksoftirqd’s share of that CPU, at netdev_budget and its time_squeeze, and at spreading the load over more queues (RSS).',
        evidence: numbers,
      };
    }
    return null;
  },
};

/** The poll runs, and what waits is not cleaned. */
export const notCleaned: Cause = {
  id: 'not-cleaned',
  title: 'The poll runs and does not clean',
  explain(frozen) {
    const ring = waitingForDriver(frozen);
    const vector = ownVector(frozen);
    const counted = vector && countedWithin(vector, judgedSeconds);
    if (!ring || !counted || counted.polls === 0) return null;
    const stood = stoodFor(ring, 'nextToClean') ?? 0;
    const at = ring.history.at(-1)?.atSeconds ?? frozen.atSeconds;
    return {
      confidence: 'possible',
      text: `The poll ran ${counted.polls} times within ${counted.overSeconds.toFixed(1)} s, and next_to_clean has not moved for ${(stood * 1000).toFixed(0)} ms although its descriptor is done.`,
      next: 'Look at the condition by which the driver takes a descriptor for done (DD, length), and at what it waits for before it cleans.',
      evidence: [
        evidence('polls', counted.polls, '', at),
        evidence('next_to_clean stood for', Math.round(stood * 1000), 'ms', at),
        ...positions(ring),
      ],
    };
  },
};

/** The card has nothing to receive into. */
export const outOfDescriptors: Cause = {
  id: 'out-of-descriptors',
  title: 'The card has no descriptor left',
  explain(frozen) {
    const ring = ownRing(frozen);
    const newest = ring?.history.at(-1);
    if (!ring || !newest || ring.kind !== 'rx' || !ring.isFromCard || newest.head !== newest.tail || ring.descriptorCount === 0)
      return null;
    return {
      confidence: 'likely',
      text: 'RDH has reached RDT: the card has nowhere to put a frame, and drops what arrives. The driver has not given it new buffers.',
      next: 'Look at allocation failures (no_buffer, page_pool), at a poll that does not refill, and at the size of the ring.',
      evidence: positions(ring),
    };
  },
};
