// Why registers are not read, and why one cannot be written, in words.
import { writeCapability } from '#common/protocol/register-write.ts';
import type { Device } from '#common/protocol.ts';
import type { PlacedRegister } from '#common/registers/register-file.ts';
import { isLive, type SessionState } from '../../state/session-store.ts';

/** Why no register is read now, or null when some should be. */
export function whyNothing(state: SessionState, device: Device | null): string | null {
  if (!isLive(state)) return 'the target is not live.';
  if (!device) return 'the target has no network card.';
  if (device.rings.length === 0)
    return device.driver === null
      ? `no driver has ${device.pciAddress}; rigb shows registers of the cards that it drives.`
      : `${device.driver} drives ${device.pciAddress} and shows no registers; rigb does.`;
  const fault = state.watchFaults[`${device.pciAddress} registers`];
  return fault ? `${fault.message} ${fault.remedy ?? ''}`.trim() : null;
}

/** Why this register cannot be written now, or null when it can. */
export function whyNoWrite(state: SessionState, place: PlacedRegister): string | null {
  if (place.description.access === 'RO') return `${place.name} can only be read.`;
  if (!isLive(state)) return 'The target is not live.';
  if (state.target?.kind === 'recording') return 'This is a recording.';
  if (state.hello?.capabilities.includes(writeCapability)) return null;
  const reason = state.hello?.missing.find(({ capability }) => capability === writeCapability)?.reason;
  return `Registers cannot be written: ${reason ?? 'the agent does not offer it'}.`;
}
