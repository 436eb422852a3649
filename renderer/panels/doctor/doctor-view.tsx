// Whether this machine can build and load the driver: each check with its state, why it matters, and the command that mends it.
import { useEffect } from 'react';
import type { DoctorCheck } from '#common/protocol/machine.ts';
import { useModel, useSession } from '../../ui/model-context.tsx';
import { copyText } from '../../ui/save-text.ts';
import { withCode } from '../../ui/with-code.tsx';

const marks: Record<DoctorCheck['state'], { readonly mark: string; readonly word: string }> = {
  ok: { mark: '✓', word: 'ok' },
  warn: { mark: '▲', word: 'look' },
  fail: { mark: '✕', word: 'fails' },
};
// What keeps the driver away first.
const order: readonly DoctorCheck['state'][] = ['fail', 'warn', 'ok'];

const ownTitles: Readonly<Record<string, string>> = {
  'secure-boot': 'Secure Boot',
  iommu: 'IOMMU',
  kvm: 'KVM',
  debugfs: 'debugfs',
  elevation: 'Way to root',
};

/** `kernel-log` as a person writes it. */
const titleOf = (name: string) => ownTitles[name] ?? name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');

function Row({ check: { name, state, why, fix } }: { check: DoctorCheck }) {
  const model = useModel();
  return (
    <li data-check={name} data-state={state}>
      <span className={`check-state check-${state}`}>
        <span aria-hidden="true">{marks[state].mark}</span> {marks[state].word}
      </span>
      <strong>{titleOf(name)}</strong>
      <span className="check-why">
        {withCode(why)}
        {fix === '' ? null : (
          <span className="check-fix">
            <code className="mono">{fix}</code>
            <button type="button" aria-label={`Copy what mends ${titleOf(name)}`} onClick={() => void copyText(model, 'Command', fix)}>
              Copy
            </button>
          </span>
        )}
      </span>
    </li>
  );
}

/** The view. */
export function DoctorView() {
  const model = useModel();
  const doctor = useSession((state) => state.doctor);
  const isOpen = useSession((state) => state.connection.name === 'open');
  const isExamined = doctor !== null;
  useEffect(() => {
    if (isOpen && !isExamined) void model.ask('doctor', {});
  }, [model, isOpen, isExamined]);
  const checks = doctor?.checks ?? [];
  const count = (wanted: DoctorCheck['state']) => checks.filter(({ state }) => state === wanted).length;
  return (
    <section className="doctor" aria-label="Doctor">
      <header data-checked={doctor?.checkedUnixMs}>
        <h2>Doctor</h2>
        <span className="soft">
          {doctor
            ? `This machine, at ${new Date(doctor.checkedUnixMs).toLocaleTimeString('en-GB')}: ${count('fail')} fail, ${count('warn')} to look at, ${count('ok')} ok`
            : 'Looking at this machine'}
        </span>
        <span className="spacer" />
        <button type="button" className="primary" onClick={() => void model.ask('doctor', {})}>
          Check again
        </button>
      </header>
      <ul>
        {order.flatMap((state) => checks.filter((check) => check.state === state).map((check) => <Row key={check.name} check={check} />))}
      </ul>
    </section>
  );
}
