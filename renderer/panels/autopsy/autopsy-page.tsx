// One autopsy: what is likely wrong and why, what else was asked, and everything that was seen.
import type { ReactNode } from 'react';
import { type Evidence, evidenceText } from '#common/alerts/alert.ts';
import type { AutopsyDocument, ExplainedCause } from '#common/autopsy/autopsy-document.ts';
import type { FrozenRing } from '#common/autopsy/frozen-case.ts';
import { hex } from '#common/autopsy/registers.ts';
import { groupHex, missing } from '../../ui/format.ts';
import { useModel } from '../../ui/model-context.tsx';
import { formatSeconds } from '../alerts/alert-text.ts';
import { goToMoment } from '../alerts/go-to.ts';

const positionsShown = 30;

function Moment({ seconds, isLive }: { seconds: number; isLive: boolean }) {
  const model = useModel();
  return isLive ? (
    <button type="button" className="quiet number" title="Show this moment in every panel" onClick={() => goToMoment(model, seconds)}>
      {formatSeconds(seconds)}
    </button>
  ) : (
    <span className="number">{formatSeconds(seconds)}</span>
  );
}

function EvidenceList({ items, isLive }: { items: readonly Evidence[]; isLive: boolean }) {
  return (
    <ul className="evidence-list">
      {items.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the document does not change
        <li key={index}>
          <Moment seconds={one.atSeconds} isLive={isLive} /> <span className="mono">{evidenceText(one)}</span>
        </li>
      ))}
    </ul>
  );
}

function CauseBlock({ cause, isLive }: { cause: ExplainedCause; isLive: boolean }) {
  return (
    <>
      <p>{cause.text}</p>
      <EvidenceList items={cause.evidence} isLive={isLive} />
      <p>
        <strong>Next:</strong> {cause.next}
      </p>
    </>
  );
}

function Rows({ head, rows, label }: { head: readonly string[]; rows: readonly (readonly ReactNode[])[]; label: string }) {
  return (
    <table aria-label={label}>
      <thead>
        <tr>
          {head.map((name) => (
            <th key={name}>{name}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the document does not change
          <tr key={at}>
            {row.map((cell, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: nor do its columns
              <td key={column} className="number">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Ring({ ring, isOpen }: { ring: FrozenRing; isOpen: boolean }) {
  const { kind, index, descriptorCount, states, history, descriptors } = ring;
  return (
    <details open={isOpen}>
      <summary>
        {kind.toUpperCase()} queue {index}: {descriptorCount} descriptors, {states.hardware} the card’s, {states.done} done, {states.free}{' '}
        free, {states.error} with errors
      </summary>
      <Rows
        label={`Positions of ${kind.toUpperCase()} queue ${index}`}
        head={['s since boot', 'head', 'tail', 'next_to_use', 'next_to_clean']}
        rows={history.slice(-positionsShown).map((at) => [formatSeconds(at.atSeconds), at.head, at.tail, at.nextToUse, at.nextToClean])}
      />
      <Rows
        label={`Descriptors of ${kind.toUpperCase()} queue ${index}`}
        head={['descriptor', 'state', 'bytes']}
        rows={descriptors.map((one) => [one.index, one.state, groupHex(one.raw)])}
      />
    </details>
  );
}

/** The page. `isLive` when the moments lie in the session that the window shows. */
export function AutopsyPage({ document, isLive }: { document: AutopsyDocument; isLive: boolean }) {
  const { title, when, likelyCause, otherCauses, excluded, missing: unknown, frozen } = document;
  const { rings, vectors, rates, registers, log, link } = frozen;
  return (
    <article className="autopsy-page">
      <h3>{title}</h3>
      <p className="soft">
        {frozen.trigger} At <Moment seconds={when.secondsSinceBoot} isLive={isLive} /> s since boot
        {when.unixMs === null ? '' : `, ${new Date(when.unixMs).toISOString()}`}. {frozen.device}, driver {frozen.driver ?? missing}, kernel{' '}
        {frozen.kernel ?? missing}, link {link === null || link.carrier === null ? missing : link.carrier ? 'up' : 'down'}.
      </p>
      <section aria-label="Likely cause" className="likely-cause" data-found={likelyCause !== null}>
        <h4>
          Likely cause{likelyCause ? `: ${likelyCause.title}` : ''}
          {likelyCause ? <span className="confidence"> {likelyCause.confidence}</span> : null}
        </h4>
        {likelyCause ? (
          <CauseBlock cause={likelyCause} isLive={isLive} />
        ) : (
          <p>None of the known causes fits. What was seen is below; what was asked is at its end.</p>
        )}
      </section>
      {otherCauses.map((cause) => (
        <details key={cause.id}>
          <summary>
            Also: {cause.title} <span className="soft">({cause.confidence})</span>
          </summary>
          <CauseBlock cause={cause} isLive={isLive} />
        </details>
      ))}
      {unknown.length > 0 ? (
        <ul aria-label="Not known" className="soft">
          {unknown.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      ) : null}
      {rings.map((ring, at) => (
        <Ring key={`${ring.kind} ${ring.index}`} ring={ring} isOpen={at === 0} />
      ))}
      {vectors.length > 0 ? (
        <details>
          <summary>Vectors</summary>
          <Rows
            label="Vectors"
            head={['vector', 'IRQ', 'for', 'handled', 'for nothing', 'polls']}
            rows={vectors.map(({ vector, irq, roles, queue, history }) => {
              const newest = history.at(-1);
              return [
                vector,
                irq,
                `${roles.join(' ')} ${queue ?? ''}`,
                newest?.handled ?? missing,
                newest?.spurious ?? missing,
                newest?.polls ?? missing,
              ];
            })}
          />
        </details>
      ) : null}
      {rates ? (
        <details>
          <summary>Rates and counters over {(rates.toSeconds - rates.fromSeconds).toFixed(1)} s</summary>
          <Rows
            label="Rates"
            head={['what', 'a second']}
            rows={[
              ...rates.interrupts.map(({ irq, name, perSecond }) => [`${name} (IRQ ${irq})`, perSecond.toFixed(1)]),
              ...rates.softirqs.map(({ name, perSecond }) => [`softirq ${name}`, perSecond.toFixed(1)]),
            ]}
          />
          <Rows
            label="Counters"
            head={['counter', 'value', 'rose by']}
            rows={rates.counters.map(({ name, value, by }) => [name, value, by])}
          />
        </details>
      ) : null}
      {registers ? (
        <details>
          <summary>{registers.values.length} registers</summary>
          <Rows
            label="Registers"
            head={['offset', 'value']}
            rows={registers.values.map(({ offset, value }) => [`0x${offset.toString(16).padStart(5, '0')}`, hex(value)])}
          />
        </details>
      ) : null}
      <details open>
        <summary>Kernel log, the last {log.length} lines</summary>
        <pre className="mono">{log.map(({ atSeconds, text }) => `${formatSeconds(atSeconds)}  ${text}`).join('\n')}</pre>
      </details>
      <p className="soft">Asked and excluded: {excluded.join('; ')}.</p>
    </article>
  );
}
