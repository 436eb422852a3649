// How long the card holds its interrupts back, as the driver has it and as somebody wants it.
import type { ObservationEvent } from '#common/protocol/observation.ts';
import type { Device } from '#common/protocol.ts';
import { useModel, useSession } from '../../ui/model-context.tsx';
import { NotOffered } from '../machine/offered.tsx';
import { ApplyButtons } from './apply-buttons.tsx';
import { changedParameters, type ModerationDraft, moderationOf, rateWords, switchNames, timeFault, timeNames } from './moderation.ts';
import { whyReadOnly } from './read-only.ts';
import { useDraft } from './use-draft.ts';

/** The form; without values it says why there are none. */
export function ModerationForm({ device, seen }: { device: Device; seen: ObservationEvent | undefined }) {
  const model = useModel();
  const readOnly = useSession(whyReadOnly);
  const draft = useDraft<ModerationDraft>(seen?.timeNs ?? null);
  if (!seen?.coalesce.values) return <NotOffered what="Moderation" reason={seen?.coalesce.reason ?? null} isSeen={seen !== undefined} />;
  const now = moderationOf(seen.coalesce.values);
  const typed = draft.value ?? {};
  const faults = timeNames.flatMap((name) => timeFault(typed[name]) ?? []);
  const changed = draft.value && changedParameters(draft.value, now);
  const apply = () => {
    if (!changed || faults.length > 0) return;
    void draft.apply(() => model.request('set-coalesce', { device: device.pciAddress, parameters: changed }));
  };
  return (
    <form
      className="moderation"
      aria-label="Moderation"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      {timeNames.map((name) => {
        const value = now[name];
        if (value === null) return null;
        const isAdaptive = now[name === 'rx-usecs' ? 'adaptive-rx' : 'adaptive-tx'] === true;
        const fault = timeFault(typed[name]);
        const shown = typed[name] !== undefined && fault === null ? Number(typed[name]) : value;
        return (
          <label key={name}>
            <span>{name}</span>
            <input
              className="number"
              inputMode="numeric"
              value={typed[name] ?? String(value)}
              aria-invalid={fault !== null}
              disabled={readOnly !== null}
              title={readOnly ?? 'Microseconds that the card holds an interrupt back; 0 is none'}
              onChange={({ target }) => draft.set({ ...typed, [name]: target.value })}
            />
            <span className={fault ? 'invalid' : 'number soft'}>{fault ?? rateWords(shown, device.driver, isAdaptive)}</span>
          </label>
        );
      })}
      <div className="row">
        {switchNames.map((name) =>
          now[name] === null ? null : (
            <label key={name} className="switch">
              <input
                type="checkbox"
                checked={typed[name] ?? now[name]}
                disabled={readOnly !== null}
                title={readOnly ?? 'The driver chooses the time by what arrives'}
                onChange={({ target }) => draft.set({ ...typed, [name]: target.checked })}
              />
              {name}
            </label>
          ),
        )}
        <ApplyButtons draft={draft} isReady={changed !== null && faults.length === 0} readOnly={readOnly} />
      </div>
      {draft.refusal ? (
        <p className="invalid" role="alert">
          {draft.refusal.message} {draft.refusal.remedy ?? ''}
        </p>
      ) : null}
    </form>
  );
}
