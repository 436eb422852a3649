// Before bytes are shown: what that exposes, and to whom.
import { AlertDialog } from 'radix-ui';
import { useState } from 'react';
import type { Refusal } from '#common/protocol.ts';
import { useModel } from '../../ui/model-context.tsx';

/** The question. */
export function ShowBytesDialog({ device, onClose }: { device: string; onClose: () => void }) {
  const model = useModel();
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const permit = async () => {
    setBusy(true);
    const refused = await model.buffers.permit(device, true);
    setBusy(false);
    setRefusal(refused);
    if (refused === null) onClose();
  };
  return (
    <AlertDialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="dialog-overlay" />
        <AlertDialog.Content className="dialog">
          <AlertDialog.Title>Show what is in the buffers of {device}?</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div>
              <p>
                <strong>Payload becomes visible:</strong> everything that this card sends and receives, of every user and program of the
                machine. What is not encrypted can be read, passwords included. A buffer that no frame has been in yet shows whatever the
                kernel had in that memory.
              </p>
              <p>
                It is shown in this window alone and goes into no recording and no report; what you copy or save is yours to look after. A
                look holds up the poll of its queue for some microseconds and loses nothing. It ends with Hide bytes, or when the agent
                ends.
              </p>
            </div>
          </AlertDialog.Description>
          {refusal && (
            <p className="invalid" role="alert">
              {refusal.message} {refusal.remedy ?? ''}
            </p>
          )}
          <div className="actions">
            <AlertDialog.Cancel asChild>
              <button type="button">Leave it</button>
            </AlertDialog.Cancel>
            <button type="button" className="primary" disabled={isBusy} onClick={() => void permit()}>
              {isBusy ? 'Asking…' : 'Show bytes'}
            </button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
