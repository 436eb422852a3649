// What is lost by an action, before it is done. It stands over the whole window, so that a command may ask it from anywhere.
import { AlertDialog } from 'radix-ui';
import { useStore } from 'zustand';
import { questionOf } from '../../state/lab-actions.ts';
import { useModel } from '../../ui/model-context.tsx';

/** The question, while one is open. */
export function LabQuestion() {
  const { labBench } = useModel();
  const asked = useStore(labBench.store, (state) => state.asked);
  const question = asked && questionOf(asked);
  if (!question) return null;
  return (
    <AlertDialog.Root open onOpenChange={(isOpen) => !isOpen && labBench.answer(false)}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="dialog-overlay" />
        <AlertDialog.Content className="dialog">
          <AlertDialog.Title>{question.title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div>
              <ul>
                {question.effects.map((effect) => (
                  <li key={effect}>{effect}</li>
                ))}
              </ul>
              <p className="soft">{question.wayBack}</p>
            </div>
          </AlertDialog.Description>
          <div className="actions">
            <AlertDialog.Cancel className="primary">Leave it</AlertDialog.Cancel>
            <AlertDialog.Action onClick={() => labBench.answer(true)}>{question.yes}</AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
