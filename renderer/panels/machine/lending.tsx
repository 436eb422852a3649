// Taking a card from its driver for ours, after a question where something depends on it; and giving it back.
import { AlertDialog } from 'radix-ui';
import { useRef, useState } from 'react';
import type { Device, EventOf, Refusal } from '#common/protocol.ts';
import { tell } from '../../state/session-store.ts';
import { useModel, useSession } from '../../ui/model-context.tsx';

// The card that rigb drives.
const vendorId = 0x8086;
const deviceId = 0x10c9;

/** Why our driver cannot have this card now, or null when it can. */
export function whyNot(device: Device, moduleName: string, moduleState: string | undefined): string | null {
  if (device.driver === moduleName) return `${moduleName} drives it already`;
  if (device.vendorId !== vendorId || device.deviceId !== deviceId) return `${moduleName} drives the 82576 (8086:10c9) only`;
  if (moduleState !== 'live') return `${moduleName} is not loaded`;
  return null;
}

/** Takes the card; asks first when the agent says that something depends on it. */
export function TakeButton({ device }: { device: Device }) {
  const model = useModel();
  const module = useSession((state) => state.module);
  const isLive = useSession((state) => state.target?.phase === 'live');
  const [isBusy, setBusy] = useState(false);
  const [question, setQuestion] = useState<Refusal | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const moduleName = module?.name ?? 'rigb';
  const reason = whyNot(device, moduleName, module?.state);
  const take = async (confirmed: boolean) => {
    setQuestion(null);
    setBusy(true);
    const refusal = await model.request('take-device', { device: device.pciAddress, confirmed });
    setBusy(false);
    if (refusal?.code === 'needs-confirmation') setQuestion(refusal);
    else if (refusal) tell(model.session, { severity: 'error', title: refusal.message, detail: refusal.remedy ?? '' });
  };
  const name = device.interface ?? device.pciAddress;
  return (
    <>
      <button
        ref={button}
        type="button"
        disabled={reason !== null || isBusy || !isLive}
        title={reason ?? `Unbind ${device.driver ?? 'nothing'} and let ${moduleName} drive it`}
        onClick={() => void take(false)}
      >
        {isBusy ? 'Taking…' : 'Take'}
      </button>
      <AlertDialog.Root open={question !== null} onOpenChange={(isOpen) => !isOpen && setQuestion(null)}>
        <AlertDialog.Portal>
          <AlertDialog.Overlay className="dialog-overlay" />
          <AlertDialog.Content className="dialog" onCloseAutoFocus={() => button.current?.focus()}>
            <AlertDialog.Title>Take {name} all the same?</AlertDialog.Title>
            <AlertDialog.Description asChild>
              <div>
                <p>Something on this machine depends on {name}:</p>
                <ul>
                  {device.holds.length > 0 ? (
                    device.holds.map(({ what, detail }) => <li key={`${what} ${detail}`}>{detail}</li>)
                  ) : (
                    <li>{question?.message}</li>
                  )}
                </ul>
                <p className="soft">
                  While {device.driver ?? 'its driver'} is unbound there is no link for some seconds. Addresses and routes go over to{' '}
                  {moduleName}’s interface, and back when the card is released, the application ends or dies.
                </p>
              </div>
            </AlertDialog.Description>
            <div className="actions">
              <AlertDialog.Cancel className="primary">Leave it</AlertDialog.Cancel>
              <AlertDialog.Action onClick={() => void take(true)}>Take {name}</AlertDialog.Action>
            </div>
          </AlertDialog.Content>
        </AlertDialog.Portal>
      </AlertDialog.Root>
    </>
  );
}

/** Gives the card back to the driver that had it. */
export function ReleaseButton({ lent }: { lent: EventOf<'taken'>['devices'][number] }) {
  const model = useModel();
  const [isBusy, setBusy] = useState(false);
  const release = async () => {
    setBusy(true);
    await model.ask('release-device', { device: lent.device });
    setBusy(false);
  };
  return (
    <button
      type="button"
      disabled={isBusy}
      title={`Give it back to ${lent.previousDriver ?? 'nobody'}${lent.addresses.length > 0 ? `, with ${lent.addresses.join(', ')}` : ''}`}
      onClick={() => void release()}
    >
      {isBusy ? 'Releasing…' : 'Release'}
    </button>
  );
}
