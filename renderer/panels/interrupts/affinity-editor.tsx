// Which CPUs may serve a vector, shown and changed: a switch a CPU where there are few, a list as the kernel writes it where there are many.
import { useModel, useSession } from '../../ui/model-context.tsx';
import { ApplyButtons } from './apply-buttons.tsx';
import { formatCpuList, parseCpuList } from './cpu-list.ts';
import { whyReadOnly } from './read-only.ts';
import { useDraft } from './use-draft.ts';
import type { VectorRow } from './vector-rows.ts';

const mostSwitches = 16;

/** The editor of one vector. `cpus` are those online, `reason` why the agent tells no affinity. */
export function AffinityEditor({
  device,
  vector,
  cpus,
  timeNs,
  reason,
}: {
  device: string;
  vector: VectorRow;
  cpus: readonly number[];
  timeNs: string | null;
  reason: string | null;
}) {
  const model = useModel();
  const readOnly = useSession(whyReadOnly);
  const draft = useDraft<string>(timeNs);
  const { affinity, irq } = vector;
  if (!affinity) {
    return <p className="soft not-offered">Affinity: {reason ?? 'the kernel does not tell it for this interrupt.'}</p>;
  }
  const text = draft.value ?? affinity.cpus;
  const wanted = parseCpuList(text, cpus);
  const isChanged = draft.value !== null && (!wanted.ok || formatCpuList(wanted.value) !== affinity.cpus);
  const fault = draft.value !== null && !wanted.ok ? wanted.error : null;
  const apply = () => {
    if (!wanted.ok) return;
    void draft.apply(() => model.request('set-affinity', { device, irq: Number(irq), cpus: wanted.value }));
  };
  const chosen = new Set(wanted.ok ? wanted.value : []);
  const toggle = (cpu: number) => {
    const next = new Set(chosen);
    if (!next.delete(cpu)) next.add(cpu);
    draft.set(formatCpuList([...next]));
  };
  return (
    <form
      className="affinity-editor"
      aria-label={`Affinity of interrupt ${irq}`}
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <span className="soft">Served by</span>
      {cpus.length <= mostSwitches ? (
        cpus.map((cpu) => (
          <button
            type="button"
            key={cpu}
            className="number"
            aria-pressed={chosen.has(cpu)}
            aria-label={`CPU ${cpu}`}
            disabled={readOnly !== null}
            title={readOnly ?? undefined}
            onClick={() => toggle(cpu)}
          >
            {cpu}
          </button>
        ))
      ) : (
        <input
          className="number"
          aria-label="CPUs, such as 0-3,8"
          value={text}
          aria-invalid={fault !== null}
          disabled={readOnly !== null}
          title={readOnly ?? 'CPUs and ranges of them, such as 0-3,8'}
          onChange={({ target }) => draft.set(target.value)}
        />
      )}
      <ApplyButtons draft={draft} isReady={isChanged && fault === null} readOnly={readOnly} />
      <span className="number soft" title="The CPUs that the interrupt is sent to in fact">
        {affinity.effective ? `sent to ${affinity.effective}` : null}
      </span>
      {fault !== null || draft.refusal ? (
        <span className="invalid" role="alert">
          {fault ?? `${draft.refusal?.message} ${draft.refusal?.remedy ?? ''}`}
        </span>
      ) : null}
    </form>
  );
}
