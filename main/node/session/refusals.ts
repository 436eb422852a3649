// What the session itself refuses, in words.
import { type EventOf, protocolVersion, type Refusal } from '#common/protocol.ts';

/** `replay` without an open recording. */
export const nothingToReplay: Refusal = {
  code: 'not-available',
  message: 'What is inspected is no open recording.',
  remedy: 'Open a recording first.',
};

/** A client of another version. */
export const protocolMismatch = (protocol: number): Refusal => ({
  code: 'protocol-mismatch',
  message: `This application speaks protocol ${protocolVersion}, the client ${protocol}.`,
  remedy: 'Reload the window, or run the same version of both.',
});

/** What the agent refused that nobody but the session had asked for, as a notice. */
export function refusalNotice(verb: string, { message, remedy }: Refusal): EventOf<'notice'> {
  const text = `\`${verb}\` at the start was refused: ${message} ${remedy ?? ''}`;
  return { type: 'notice', severity: 'warning', code: 'start-refused', text: text.trim() };
}
