// The traffic form as text, what is wrong with it, and the request that it makes.
import { type Damage, trafficBounds } from '#common/protocol/traffic.ts';
import type { Arguments, EventOf } from '#common/protocol.ts';

/** Which numbers the form has, as they are typed. */
export type NumberField = keyof typeof trafficBounds;

/** The form. */
export interface TrafficForm extends Readonly<Record<NumberField, string>> {
  readonly direction: Arguments<'traffic'>['direction'];
  readonly damage: Damage | null;
}

/** What a window begins with: that of a fresh lab, spread over all queues. */
export const usualForm: TrafficForm = {
  direction: 'receive',
  framesPerSecond: '2000',
  frameBytes: '256',
  flows: '254',
  burst: '1',
  damage: null,
};

/** Names on the form, in its order. */
export const fieldNames: Readonly<Record<NumberField, string>> = {
  framesPerSecond: 'Frames/s',
  frameBytes: 'Bytes',
  flows: 'Flows',
  burst: 'Burst',
};

/** What each number means. */
export const fieldNotes: Readonly<Record<NumberField, string>> = {
  framesPerSecond: 'Of each sender; 0 is as fast as it goes',
  frameBytes: 'Header and payload without the checksum: 60 to 1514 at the usual MTU, to 9014 with jumbo frames',
  flows: 'Source addresses and ports, so that the card’s hash spreads the frames over its queues; 1 fills one queue',
  burst: 'Frames of one flow that go back to back; the rate stays what it is',
};

/** What the damage is, and what it comes to. */
export const damages: readonly { readonly damage: Damage | null; readonly name: string; readonly note: string }[] = [
  { damage: null, name: 'none', note: 'Whole frames, sent by pktgen.' },
  { damage: 'ip-checksum', name: 'IPv4 checksum', note: 'The card flags the header’s checksum; the network stack drops the frame.' },
  { damage: 'udp-checksum', name: 'UDP checksum', note: 'The card flags the checksum; the driver counts it.' },
  { damage: 'tcp-checksum', name: 'TCP checksum', note: 'The card flags the checksum; the driver counts it.' },
  { damage: 'truncated', name: 'truncated', note: 'The IPv4 header tells of 64 bytes more than the frame has.' },
];

/** What the lab's virtual card cannot be sent, and why. */
export const impossibleDamage =
  'Wrong FCS, runts and fragments cannot be had: QEMU’s wire has no FCS and pads to 60 bytes. Too long can: more bytes than the MTU allows.';

/** What is wrong with a number in words, or null. */
export function numberFault(text: string, least: number, most: number): string | null {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value)) return 'a whole number is wanted';
  return value < least || value > most ? `between ${least} and ${most}` : null;
}

/** What is wrong with the form, by field; empty when nothing is. */
export function formFaults(form: TrafficForm): Partial<Record<NumberField, string>> {
  const faults: Partial<Record<NumberField, string>> = {};
  for (const field of Object.keys(trafficBounds) as NumberField[]) {
    const [least, most] = trafficBounds[field];
    const fault = numberFault(form[field], least, most);
    if (fault) faults[field] = fault;
  }
  return faults;
}

/** The request of a form without faults. */
export const requestOf = (form: TrafficForm, running: boolean): Arguments<'traffic'> => ({
  running,
  direction: form.direction,
  framesPerSecond: Number(form.framesPerSecond),
  frameBytes: Number(form.frameBytes),
  flows: Number(form.flows),
  burst: Number(form.burst),
  damage: form.damage,
});

/** The form of what runs, or was asked for last. */
export const formOf = (told: EventOf<'traffic'>): TrafficForm => ({
  direction: told.direction,
  framesPerSecond: String(told.framesPerSecond),
  frameBytes: String(Math.max(60, told.frameBytes)),
  flows: String(told.flows ?? usualForm.flows),
  burst: String(told.burst ?? usualForm.burst),
  damage: told.damage ?? null,
});

/** The same traffic once more, or its end, for whoever has no form. */
export const trafficAgain = (told: EventOf<'traffic'> | null, running: boolean): Arguments<'traffic'> =>
  requestOf(told ? formOf(told) : usualForm, running);

/** What comes of the frame's length at an MTU, in words; null where it fits. */
export function lengthNote(frameBytes: number, mtu: number | null): string | null {
  if (mtu === null || frameBytes <= mtu + 14) return null;
  return `Longer than MTU ${mtu} allows (${mtu + 14} bytes): the receiving card drops such frames, and QEMU’s does not count them.`;
}
