// What can be done to the lab, each with its words: what it does, what is lost, what is said while it runs.
import type { LabDriver, LabPort } from '#common/protocol/lab.ts';
import type { Refusal } from '#common/protocol.ts';
import type { WindowModel } from './window-model.ts';

/** The number of a port. */
export type PortNumber = LabPort['port'];

/** One thing to do. */
export type LabAction =
  | { readonly kind: 'link'; readonly port: PortNumber; readonly up: boolean }
  | { readonly kind: 'unplug'; readonly port: PortNumber }
  | { readonly kind: 'plug'; readonly port: PortNumber }
  | { readonly kind: 'driver'; readonly port: PortNumber; readonly device: string; readonly driver: LabDriver | null }
  | { readonly kind: 'reset'; readonly port: PortNumber; readonly device: string }
  | { readonly kind: 'mtu'; readonly mtu: number }
  | { readonly kind: 'crash' };

/** Where an action's progress and its failure are shown. */
export type LabPlace = 'port 0' | 'port 1' | 'mtu' | 'guest';

/** The place of an action. */
export const placeOf = (action: LabAction): LabPlace =>
  action.kind === 'crash' ? 'guest' : action.kind === 'mtu' ? 'mtu' : action.port === 0 ? 'port 0' : 'port 1';

/** What a person is asked before something is lost. */
export interface LabQuestion {
  readonly title: string;
  /** What is lost, a sentence each. */
  readonly effects: readonly string[];
  /** How it comes back. */
  readonly wayBack: string;
  /** On the button that does it. */
  readonly yes: string;
}

/** The question, or null where nothing is lost. */
export function questionOf(action: LabAction): LabQuestion | null {
  switch (action.kind) {
    case 'unplug':
      return {
        title: `Unplug port ${action.port}?`,
        effects: [
          'The driver lets go of the card: its interface, rings, counters and addresses go with it.',
          'Frames that are in its rings are lost, and traffic on the port ends.',
        ],
        wayBack: 'Plug it in again to give a fresh card to the same driver. The log and the charts keep what was seen.',
        yes: `Unplug port ${action.port}`,
      };
    case 'reset':
      return {
        title: `Reset ${action.device}?`,
        effects: [
          'The card forgets its registers (function level reset): frames in its rings are lost and the link is down for a moment.',
          'rigb is told by the kernel and sets the card up again. igb is not: it goes on with a card that was reset, and stays mute until it is bound anew.',
        ],
        wayBack: 'Where a driver does not recover, choose it again: none, then the driver.',
        yes: `Reset port ${action.port}`,
      };
    case 'crash':
      return {
        title: 'Crash the guest’s kernel?',
        effects: [
          'The kernel panics (sysrq c): everything in the guest’s memory is lost, agent, driver and traffic included.',
          'Kernel log, charts and alerts stay in this window until the lab is restarted.',
        ],
        wayBack: 'Its last words are shown, and one click restarts the lab with a fresh guest in some ten seconds.',
        yes: 'Crash the guest',
      };
    default:
      return null;
  }
}

/** What is said while it runs, before the session says more. */
export function progressOf(action: LabAction): string {
  switch (action.kind) {
    case 'link':
      return action.up ? 'Putting the cable in…' : 'Pulling the cable…';
    case 'unplug':
      return 'Unplugging…';
    case 'plug':
      return 'Plugging in…';
    case 'driver':
      return action.driver ? `${action.driver} takes the card…` : 'The driver lets go of the card…';
    case 'reset':
      return 'Resetting…';
    case 'mtu':
      return `Setting the MTU of both ports to ${action.mtu}…`;
    case 'crash':
      return 'Crashing…';
  }
}

/** Asks for it. A question that was to be asked has been answered with yes. */
export function perform(model: Pick<WindowModel, 'request'>, action: LabAction): Promise<Refusal | null> {
  switch (action.kind) {
    case 'link':
      return model.request('lab-link', { port: action.port, up: action.up });
    case 'unplug':
      return model.request('lab-unplug', { port: action.port });
    case 'plug':
      return model.request('lab-plug', { port: action.port });
    case 'driver':
      return model.request('set-driver', { device: action.device, driver: action.driver });
    case 'reset':
      return model.request('reset-device', { device: action.device, confirmed: true });
    case 'mtu':
      return model.request('set-mtu', { mtu: action.mtu });
    case 'crash':
      return model.request('crash', { confirmed: true });
  }
}
