// One alert: what, where, since when; opened, its evidence and where it leads.
import { ChevronDown, ChevronRight } from 'lucide-react';
import { memo } from 'react';
import { type Alert, alertNames } from '#common/alerts/alert.ts';
import { missing } from '../../ui/format.ts';
import { useModel } from '../../ui/model-context.tsx';
import { copyText } from '../../ui/save-text.ts';
import { alertText, formatSeconds } from './alert-text.ts';
import { goToMoment, goToPlace, placeOf } from './go-to.ts';
import { SeverityMark } from './severity-mark.tsx';

function EvidenceTable({ alert }: { alert: Alert }) {
  const model = useModel();
  return (
    <table className="evidence" aria-label="Evidence">
      <tbody>
        {alert.evidence.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: evidence is replaced as a whole, and the same thing may stand in it twice
          <tr key={index}>
            <td>
              <button
                type="button"
                className="quiet number"
                title="Show this moment in every panel"
                onClick={() => goToMoment(model, one.atSeconds)}
              >
                {formatSeconds(one.atSeconds)}
              </button>
            </td>
            <td>{one.what}</td>
            <td className="number value">
              {typeof one.value === 'number' && !Number.isInteger(one.value) ? one.value.toFixed(1) : one.value}
              {one.unit === '' ? '' : ` ${one.unit}`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What an opened row offers. */
function Actions({ alert, isAcknowledged }: { alert: Alert; isAcknowledged: boolean }) {
  const model = useModel();
  const place = placeOf(alert);
  return (
    <div className="actions">
      <button
        type="button"
        onClick={() => goToMoment(model, alert.sinceSeconds)}
        title="Choose the instant at which it began, in every panel"
      >
        Show the moment
      </button>
      {place === null ? null : (
        <button type="button" onClick={() => goToPlace(model, alert)}>
          Open {place}
        </button>
      )}
      <button type="button" onClick={() => model.alerts.acknowledge([alert.id])} disabled={isAcknowledged}>
        {isAcknowledged ? 'Acknowledged' : 'Acknowledge'}
      </button>
      <button type="button" onClick={() => void copyText(model, 'Alert', alertText(alert))}>
        Copy
      </button>
    </div>
  );
}

/** The row. */
export const AlertRow = memo(function AlertRow({
  alert,
  isOpened,
  isAcknowledged,
  onToggle,
}: {
  alert: Alert;
  isOpened: boolean;
  isAcknowledged: boolean;
  onToggle: (id: string) => void;
}) {
  const { id, rule, severity, device, queue, sinceSeconds, lastSeconds, text, state } = alert;
  const Arrow = isOpened ? ChevronDown : ChevronRight;
  return (
    <li className="alert" data-rule={rule} data-state={state} data-acknowledged={isAcknowledged || undefined}>
      <button type="button" className="quiet summary" aria-expanded={isOpened} onClick={() => onToggle(id)} title={text}>
        <Arrow size={14} aria-hidden="true" />
        <SeverityMark severity={severity} isOver={state === 'over'} />
        <span className="number soft" title="Since, in seconds since boot">
          {formatSeconds(sinceSeconds)}
        </span>
        <strong>{alertNames[rule]}</strong>
        <span className="mono soft">{queue ?? device ?? missing}</span>
        <span className="text">{text}</span>
        <span className="soft">{isAcknowledged ? 'seen' : state}</span>
      </button>
      {isOpened ? (
        <div className="alert-detail">
          <p>{text}</p>
          <p className="soft">
            {device ?? 'No device'}
            {queue === null ? '' : `, ${queue}`}; {formatSeconds(sinceSeconds)} to {formatSeconds(lastSeconds)} s since boot, {state}.
          </p>
          <EvidenceTable alert={alert} />
          <Actions alert={alert} isAcknowledged={isAcknowledged} />
        </div>
      ) : null}
    </li>
  );
});
