// What looking costs the target, in the status bar and in words; the limit that it keeps to; and that it slows down when it must.
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { EventOf } from '#common/protocol.ts';
import { budgetLimits, defaultBudgetPercent } from '../../state/observer-budget.ts';
import { useLayout, useModel, useSession } from '../../ui/model-context.tsx';

/** The cost in one line. */
function shortly({ cpuPercent, mmioReadsPerSecond, samplesLost }: EventOf<'cost'>): string {
  return `observer ${cpuPercent.toFixed(2)} % CPU, ${mmioReadsPerSecond.toFixed(0)} MMIO reads/s, ${samplesLost} lost`;
}

function Limit() {
  const model = useModel();
  const budget = useLayout((state) => state.budgetPercent);
  const [text, setText] = useState(budget === null ? '' : String(budget));
  const value = Number(text);
  const isFit = text !== '' && value >= budgetLimits.least && value <= budgetLimits.most;
  return (
    <fieldset className="budget">
      <legend className="visually-hidden">Budget of observing</legend>
      <label>
        <input
          type="checkbox"
          checked={budget !== null}
          onChange={({ target }) => {
            const wanted = target.checked ? defaultBudgetPercent : null;
            setText(wanted === null ? '' : String(wanted));
            model.layout.setState({ budgetPercent: wanted });
          }}
        />{' '}
        at the most
      </label>
      <input
        type="number"
        aria-label="Budget in per cent of one core"
        className="number"
        min={budgetLimits.least}
        max={budgetLimits.most}
        step={0.1}
        disabled={budget === null}
        aria-invalid={budget !== null && !isFit}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          const wanted = Number(target.value);
          if (target.value !== '' && wanted >= budgetLimits.least && wanted <= budgetLimits.most)
            model.layout.setState({ budgetPercent: wanted });
        }}
      />
      <span>% of one core</span>
      {budget !== null && !isFit ? (
        <span className="invalid">
          between {budgetLimits.least} and {budgetLimits.most}
        </span>
      ) : null}
    </fieldset>
  );
}

/** The part of the status bar. */
export function ObserverCost() {
  const model = useModel();
  const cost = useSession((state) => state.cost);
  const budget = useLayout((state) => state.budgetPercent);
  const scale = useStore(model.throttle.store, (state) => state.scale);
  const slowed = scale < 1 ? `slowed to ${Math.round(scale * 100)} % of the rates` : null;
  const over = cost !== null && budget !== null && cost.cpuPercent > budget;
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button type="button" className="quiet number status-part" title="What looking costs the target; click for the budget">
          {cost ? shortly(cost) : 'observer cost not measured yet'}
          {slowed ? <span className="below"> ▼ {slowed}</span> : null}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="menu explanation" side="top" align="start" sideOffset={4} aria-label="What observing costs">
          <strong>What observing costs the target</strong>
          {cost ? (
            <dl className="facts">
              <dt>CPU</dt>
              <dd>{cost.cpuPercent.toFixed(2)} % of one core is what the agent took over the last second.</dd>
              <dt>MMIO reads</dt>
              <dd>
                {cost.mmioReadsPerSecond.toFixed(0)} registers a second were read from cards because of what the agent asked their drivers.
              </dd>
              <dt>Samples lost</dt>
              <dd>
                {cost.samplesLost === 0
                  ? 'None: every sample was taken in its time.'
                  : `${cost.samplesLost} were not taken in their time since the agent started: the target was too busy.`}
              </dd>
              <dt>Sent</dt>
              <dd>
                {cost.bytesSent} bytes, {cost.wakeups} wake-ups over {(cost.intervalNs / 1e9).toFixed(1)} s.
              </dd>
            </dl>
          ) : (
            <p className="soft">The agent measures itself once a second while it samples; nothing was told yet.</p>
          )}
          <Limit />
          <p className="soft">
            {slowed
              ? `The budget was exceeded for some seconds: this window asks for samples and snapshots at ${Math.round(scale * 100)} % of the rates that its panels want, and a recording gets no more. It asks for more again once that would fit.`
              : over
                ? 'The budget is exceeded. If that lasts for some seconds, this window asks for samples and snapshots less often.'
                : budget === null
                  ? 'Without a budget every panel gets the rate that it wants.'
                  : 'When the cost exceeds the budget for some seconds, this window asks for samples and snapshots less often, step by step, and says so here.'}
          </p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
