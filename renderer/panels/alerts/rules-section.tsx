// Assertions as code, live: a file of rules, and how each stands.
import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { RuleOutcome } from '#common/rules/outcome.ts';
import { useModel } from '../../ui/model-context.tsx';
import { formatSeconds } from './alert-text.ts';
import { goToMoment } from './go-to.ts';

const states = { holds: '✓ holds', fails: '✕ fails', unmeasured: '? not measured' } as const;

function Outcome({ outcome }: { outcome: RuleOutcome }) {
  const model = useModel();
  const { label, state, isFailingNow, failedSeconds, text } = outcome;
  return (
    // biome-ignore lint/a11y/noRedundantRoles: tests and assistive tools find rows of every panel by the same role
    <tr role="row" data-state={state}>
      <td className="rule-state" data-severity={state === 'fails' ? 'error' : state === 'unmeasured' ? 'warning' : 'good'}>
        {state === 'fails' && !isFailingNow ? '✕ failed' : states[state]}
      </td>
      <td className="mono">{label}</td>
      <td className="text" title={text}>
        {text}
      </td>
      <td>
        {failedSeconds === null ? null : (
          <button
            type="button"
            className="quiet number"
            title="Show this moment in every panel"
            onClick={() => goToMoment(model, failedSeconds)}
          >
            {formatSeconds(failedSeconds)}
          </button>
        )}
      </td>
    </tr>
  );
}

function Paste({ onClose }: { onClose: () => void }) {
  const model = useModel();
  const [text, setText] = useState('');
  return (
    <div className="paste">
      <textarea
        aria-label="Rules as JSON"
        placeholder='{"rules": [{"rule": "queue-stuck", "forMs": 50}]}'
        rows={6}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <div className="actions">
        <button
          type="button"
          className="primary"
          disabled={text.trim() === ''}
          onClick={async () => {
            await model.alerts.loadRules('pasted rules', text);
            if (model.alerts.store.getState().rulesFault === null) onClose();
          }}
        >
          Use these rules
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </div>
  );
}

/** The rules. */
export function RulesSection() {
  const model = useModel();
  const { rules, rulesFault, outcomes } = useStore(model.alerts.store);
  const [isPasting, setPasting] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const load = async (chosen: File | undefined) => {
    if (chosen) await model.alerts.loadRules(chosen.name, await chosen.text());
  };
  return (
    <section className="rules" aria-label="Rules">
      <header>
        <h3>Rules</h3>
        <span className="soft">{rules ? `${rules.name}, judged since ${formatSeconds(rules.sinceSeconds)} s` : 'none loaded'}</span>
        <span className="spacer" />
        <input
          ref={file}
          type="file"
          accept=".json,application/json"
          hidden
          aria-label="Rules file"
          onChange={({ target }) => {
            void load(target.files?.[0]);
            // The same file again is a change too: it was edited.
            target.value = '';
          }}
        />
        <button type="button" onClick={() => file.current?.click()}>
          Load file…
        </button>
        <button type="button" aria-pressed={isPasting} onClick={() => setPasting(!isPasting)}>
          Paste…
        </button>
        {rules ? (
          <>
            <button type="button" onClick={() => void model.alerts.restartRules()} title="Forget what broke them before">
              Judge anew
            </button>
            <button type="button" onClick={() => model.alerts.unloadRules()}>
              Remove
            </button>
          </>
        ) : null}
      </header>
      {rulesFault === null ? null : (
        <p className="fault" role="alert">
          {rulesFault}
        </p>
      )}
      {isPasting ? <Paste onClose={() => setPasting(false)} /> : null}
      {outcomes.length > 0 ? (
        <table aria-label="How each rule stands">
          <tbody>
            {outcomes.map((outcome, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rules keep their order, and two may be called the same
              <Outcome key={index} outcome={outcome} />
            ))}
          </tbody>
        </table>
      ) : rules || isPasting ? null : (
        <p className="empty">
          <span>
            No rules are loaded. A file such as <code>assets/rules.example.json</code> says what must hold; <code>ringscope check</code>{' '}
            judges by the same file.
          </span>
        </p>
      )}
    </section>
  );
}
