// How many alerts are open, for the status bar: the worst of them gives the mark, a click leads to them.
import { useStore } from 'zustand';
import type { Severity } from '#common/alerts/alert.ts';
import { useModel } from '../../ui/model-context.tsx';
import { SeverityMark } from './severity-mark.tsx';

const worstFirst: readonly Severity[] = ['error', 'warning', 'info'];

/** The count of open alerts that nobody has acknowledged, and of broken rules. */
export function AlertCount() {
  const model = useModel();
  const { alerts, acknowledged, outcomes } = useStore(model.alerts.store);
  const open = alerts.filter(({ id, state }) => state === 'open' && !acknowledged.has(id));
  const broken = outcomes.filter(({ state }) => state === 'fails').length;
  const worst = worstFirst.find((severity) => open.some((alert) => alert.severity === severity));
  const words = open.length === 0 ? 'no alerts' : open.length === 1 ? '1 alert' : `${open.length} alerts`;
  return (
    <button
      type="button"
      className="quiet alert-count"
      data-testid="alert-count"
      title={open.map(({ text }) => text).join('\n') || 'Nothing is wrong that nobody has seen to'}
      onClick={() => model.layout.setState({ view: 'alerts' })}
    >
      {worst ? <SeverityMark severity={worst} /> : null}
      <span className="number">{words}</span>
      {broken > 0 ? <span className="number">, ✕ {broken} rules broken</span> : null}
    </button>
  );
}
