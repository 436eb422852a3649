// Causes that lie with the card or its bus: it is gone, it may not master the bus, its link is lost, its engines are off.
import { evidence } from '#common/alerts/alert.ts';
import type { Cause } from '#common/autopsy/cause.ts';
import { ownRing } from '#common/autopsy/movement.ts';
import { allOnes, bits, hex, isSet, offsets, queueControlOffset, registerOf } from '#common/autopsy/registers.ts';

// A link that came back this long ago may still be the reason for what waits.
const recentSeconds = 10;

/** Every register reads as ones. */
export const cardGone: Cause = {
  id: 'card-gone',
  title: 'The card is gone from the bus',
  explain(frozen) {
    const status = registerOf(frozen, offsets.STATUS);
    const at = frozen.registers?.atSeconds ?? frozen.atSeconds;
    const newest = ownRing(frozen)?.history.at(-1);
    const isRingGone = newest !== undefined && newest.head === allOnes && newest.tail === allOnes;
    const line = frozen.log.findLast(({ text }) => /does not answer|surprise|device is gone|has given the card up/i.test(text));
    if (status !== allOnes && !isRingGone && !line) return null;
    return {
      confidence: status === allOnes || isRingGone ? 'certain' : 'likely',
      text: 'Reads of the card return ones: it was unplugged, lost power, or its link to the bus failed.',
      next: 'Look at the slot and its AER counters (lspci -vv); nothing but removing and finding the card again helps.',
      evidence: [
        ...(status === null ? [] : [evidence('STATUS', hex(status), '', at)]),
        ...(newest && isRingGone ? [evidence('head', hex(newest.head), '', newest.atSeconds)] : []),
        ...(line ? [evidence('log', line.text, '', line.atSeconds)] : []),
      ],
    };
  },
};

/** The card may not read or write memory. */
export const busMasterOff: Cause = {
  id: 'bus-master-off',
  title: 'The card may not use the bus',
  explain(frozen) {
    const disabled = isSet(frozen, offsets.CTRL, bits.CTRL.GIO_MASTER_DISABLE);
    const enabled = isSet(frozen, offsets.STATUS, bits.STATUS.GIO_MASTER_ENABLE);
    if (disabled !== true && enabled !== false) return null;
    const at = frozen.registers?.atSeconds ?? frozen.atSeconds;
    return {
      confidence: 'certain',
      text: 'Bus mastering is off, so the card can neither fetch descriptors nor write them back.',
      next: 'See who cleared Bus Master Enable (setpci -s ADDRESS COMMAND), or set CTRL.GIO_MASTER_DISABLE: a reset in progress, a suspend, an AER recovery.',
      evidence: [
        evidence('CTRL', hex(registerOf(frozen, offsets.CTRL) ?? 0), '', at),
        evidence('STATUS', hex(registerOf(frozen, offsets.STATUS) ?? 0), '', at),
      ],
    };
  },
};

/** No carrier. */
export const linkLost: Cause = {
  id: 'link-lost',
  title: 'The link is lost',
  explain(frozen) {
    const isUp = isSet(frozen, offsets.STATUS, bits.STATUS.LU);
    const at = frozen.registers?.atSeconds ?? frozen.atSeconds;
    const carrier = frozen.link?.carrier ?? null;
    const line = frozen.log.findLast(
      ({ text, atSeconds }) => /\blink (is )?down\b/i.test(text) && frozen.atSeconds - atSeconds <= recentSeconds,
    );
    if (frozen.queue?.kind === 'rx' && (ownRing(frozen)?.pending?.waiting ?? null) === 'driver') return null;
    if (isUp !== false && carrier !== false && !line) return null;
    return {
      confidence: isUp === false ? 'certain' : carrier === false ? 'likely' : 'possible',
      text:
        isUp === false || carrier === false
          ? 'There is no link, so nothing that was posted leaves the card.'
          : 'The link went down shortly before; what was posted then may wait still.',
      next: 'Look at the cable, the partner and the PHY (ethtool), and at what the driver does with frames that were posted when the link went.',
      evidence: [
        ...(isUp === null ? [] : [evidence('STATUS.LU', isUp ? 1 : 0, '', at)]),
        ...(carrier === null ? [] : [evidence('carrier', carrier ? 'up' : 'down', '', frozen.atSeconds)]),
        ...(line ? [evidence('log', line.text, '', line.atSeconds)] : []),
      ],
    };
  },
};

/** The transmit or receive engine, or the queue itself, is off. */
export const engineOff: Cause = {
  id: 'engine-off',
  title: 'The card’s engine is off',
  explain(frozen) {
    const { queue } = frozen;
    if (queue === null) return null;
    const [name, offset] = queue.kind === 'tx' ? (['TCTL', offsets.TCTL] as const) : (['RCTL', offsets.RCTL] as const);
    const control = queueControlOffset(queue.kind, queue.index);
    const controlName = `${queue.kind === 'tx' ? 'TXDCTL' : 'RXDCTL'}(${queue.index})`;
    const isEngineOff = isSet(frozen, offset, bits.TCTL.EN) === false;
    const isQueueOff = isSet(frozen, control, bits.queueEnable) === false;
    if (!isEngineOff && !isQueueOff) return null;
    const at = frozen.registers?.atSeconds ?? frozen.atSeconds;
    const off = [...(isEngineOff ? [`${name}.EN`] : []), ...(isQueueOff ? [`${controlName}.ENABLE`] : [])].join(' and ');
    return {
      confidence: 'certain',
      text: `${off} ${isEngineOff && isQueueOff ? 'are' : 'is'} 0, so the card does not ${queue.kind === 'tx' ? 'fetch what is to be sent' : 'receive'} although the queue is in use.`,
      next: `Find who wrote ${isEngineOff ? name : controlName} last: a reset that did not set it again, an error path, or a write from outside of the driver.`,
      evidence: [
        evidence(name, hex(registerOf(frozen, offset) ?? 0), '', at),
        ...(registerOf(frozen, control) === null ? [] : [evidence(controlName, hex(registerOf(frozen, control) ?? 0), '', at)]),
      ],
    };
  },
};

/** The partner asks for silence. */
export const paused: Cause = {
  id: 'paused',
  title: 'The link partner sends pause frames',
  explain(frozen) {
    if (frozen.queue?.kind !== 'tx' || isSet(frozen, offsets.STATUS, bits.STATUS.TXOFF) !== true) return null;
    return {
      confidence: 'likely',
      text: 'STATUS.TXOFF is set: the card was told to pause, and does not send until the partner lets it.',
      next: 'Look at XOFFRXC and at why the partner cannot receive; ethtool -A switches flow control off.',
      evidence: [evidence('STATUS', hex(registerOf(frozen, offsets.STATUS) ?? 0), '', frozen.registers?.atSeconds ?? frozen.atSeconds)],
    };
  },
};
