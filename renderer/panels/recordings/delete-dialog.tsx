// A recording is gone once it is deleted, so that is asked for twice.
import { AlertDialog } from 'radix-ui';
import { formatBytes } from '../../ui/format.ts';
import { useModel } from '../../ui/model-context.tsx';

/** The button, and the question behind it. */
export function DeleteDialog({ name, bytes }: { name: string; bytes: number }) {
  const model = useModel();
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger asChild>
        <button type="button" aria-label={`Delete ${name}`}>
          Delete
        </button>
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="dialog-overlay" />
        <AlertDialog.Content className="dialog">
          <AlertDialog.Title>Delete this recording?</AlertDialog.Title>
          <AlertDialog.Description>
            <span className="mono">{name}</span>, {formatBytes(bytes)}, cannot be had back.
          </AlertDialog.Description>
          <div className="actions">
            <AlertDialog.Cancel asChild>
              <button type="button">Keep it</button>
            </AlertDialog.Cancel>
            <AlertDialog.Action asChild>
              <button type="button" className="primary" onClick={() => void model.ask('delete-recording', { name })}>
                Delete
              </button>
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
