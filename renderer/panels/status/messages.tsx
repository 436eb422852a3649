// What went wrong and what helps, until somebody dismisses it.
import { dismiss } from '../../state/session-store.ts';
import { useModel, useSession } from '../../ui/model-context.tsx';

/** The messages. */
export function Messages() {
  const model = useModel();
  const messages = useSession((state) => state.messages);
  return (
    <div className="messages" aria-live="polite">
      {messages.map(({ id, severity, title, detail }) => (
        <div className="message" key={id} data-severity={severity} role={severity === 'error' ? 'alert' : 'status'}>
          <span>
            <strong>{title}</strong>
            {detail ? <br /> : null}
            {detail}
          </span>
          <button type="button" className="quiet" aria-label="Dismiss" onClick={() => dismiss(model.session, id)}>
            ✕
          </button>
        </div>
      ))}
    </div>
  );
}
