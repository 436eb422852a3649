// Traffic between the two ports: rate, size, flows, bursts and damage; and a mark in the kernel log.
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { labCapability } from '#common/protocol/lab.ts';
import { formatCount } from '../../ui/format.ts';
import { useModel, useSession } from '../../ui/model-context.tsx';
import { Panel } from '../../ui/panel.tsx';
import {
  damages,
  fieldNames,
  fieldNotes,
  formFaults,
  formOf,
  impossibleDamage,
  lengthNote,
  type NumberField,
  requestOf,
  type TrafficForm,
  usualForm,
} from './traffic-form.ts';

const sizes = ['60', '256', '1514', '9014'] as const;
const mtus = [1500, 9000] as const;

function MarkField() {
  const model = useModel();
  const [mark, setMark] = useState('');
  return (
    <>
      <label htmlFor="mark">Mark</label>
      <div className="rest">
        <input
          id="mark"
          value={mark}
          maxLength={200}
          placeholder="text for the kernel log, then Enter"
          onChange={({ target }) => setMark(target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            if (mark.trim() === '') return;
            void model.ask('mark', { text: mark.trim() }).then((isDone) => isDone && setMark(''));
          }}
        />
      </div>
    </>
  );
}

/** Both ports' MTU, which decides what is a frame and what is too long. */
function MtuChoice({ mtu, isLive }: { mtu: number | null; isLive: boolean }) {
  const { labBench } = useModel();
  const isBusy = useStore(labBench.store, (state) => state.running.mtu !== undefined);
  return (
    <>
      <span id="mtu-label">MTU</span>
      <fieldset className="choice" aria-labelledby="mtu-label">
        {mtus.map((choice) => (
          <button
            key={choice}
            type="button"
            className="number"
            aria-pressed={mtu === choice}
            disabled={isBusy || !isLive}
            title={`${choice === 9000 ? 'Jumbo frames. ' : ''}Of both ports; the cards are set up anew, and their link is gone for some seconds`}
            onClick={() => labBench.do({ kind: 'mtu', mtu: choice })}
          >
            {choice}
          </button>
        ))}
      </fieldset>
    </>
  );
}

/** What is wrong with the form, what comes of it, or what cannot be had; always as high. */
function Note({ form, mtu, faults }: { form: TrafficForm; mtu: number | null; faults: readonly string[] }) {
  const { labBench } = useModel();
  const running = useStore(labBench.store, (state) => state.running.mtu);
  const refusal = useStore(labBench.store, (state) => state.refusals.mtu);
  const wrong = faults.length > 0 ? faults.join(' ') : refusal ? `${refusal.message} ${refusal.remedy ?? ''}` : null;
  const isLong = lengthNote(Number(form.frameBytes), mtu);
  const damage = form.damage === null ? null : damages.find((one) => one.damage === form.damage)?.note;
  const words = running ?? wrong ?? (isLong || damage ? [isLong, damage].filter(Boolean).join(' ') : impossibleDamage);
  return (
    <p className={`wide traffic-note ${running === undefined && wrong ? 'invalid' : 'soft'}`} aria-live="polite" title={words}>
      {words}
    </p>
  );
}

function SentWord() {
  const traffic = useSession((state) => state.traffic);
  const words = !traffic
    ? 'not known yet'
    : traffic.running
      ? `${formatCount(traffic.sentFrames)} sent by ${traffic.source ?? 'nobody yet'}`
      : (traffic.reason ?? 'off');
  return (
    <span className="number soft traffic-sent" role="status" title={words}>
      {words}
    </span>
  );
}

/** The panel. */
export function TrafficPanel() {
  const model = useModel();
  const traffic = useSession((state) => state.traffic);
  const isLive = useSession((state) => state.target?.phase === 'live');
  const isLab = useSession((state) => state.hello?.capabilities.includes(labCapability) === true);
  const mtu = useSession((state) => state.devices?.find((device) => device.interface !== null)?.mtu ?? null);
  const [form, setForm] = useState<TrafficForm>(usualForm);
  const isTouched = useRef(false);
  const change = (part: Partial<TrafficForm>) => {
    isTouched.current = true;
    setForm((before) => ({ ...before, ...part }));
  };
  // What somebody else started, or a command, is shown as long as nothing was chosen here since the last start.
  const told = traffic?.running ? JSON.stringify(formOf(traffic)) : null;
  useEffect(() => {
    if (told !== null && !isTouched.current) setForm(JSON.parse(told));
  }, [told]);
  // A start is answered when the senders have begun, which takes a machine under translation seconds; a second one would be refused until then.
  const [starting, setStarting] = useState<'Starting…' | 'Applying…' | null>(null);
  // A port that is made anew gets its traffic back from the window: that start is under way then, too.
  const { labBench } = model;
  const isPortBusy = useStore(labBench.store, ({ running }) => running['port 0'] !== undefined || running['port 1'] !== undefined);
  const faults = formFaults(form);
  const faultWords = Object.entries(faults).map(([field, fault]) => `${fieldNames[field as NumberField]}: ${fault}.`);
  const why = !isLive
    ? 'The target is not live.'
    : traffic?.available === false
      ? (traffic.reason ?? 'No traffic can run.')
      : starting
        ? 'The senders are being set up.'
        : isPortBusy
          ? 'Something is being done to a port; its traffic goes on by itself.'
          : (faultWords[0] ?? null);
  const start = async () => {
    isTouched.current = false;
    setStarting(traffic?.running ? 'Applying…' : 'Starting…');
    await model.ask('traffic', requestOf(form, true));
    setStarting(null);
  };
  const stop = () => {
    isTouched.current = false;
    void model.ask('traffic', requestOf(form, false));
  };
  const startWord = starting ?? (traffic?.running ? 'Apply' : 'Start');
  const field = (name: NumberField) => (
    <>
      <label htmlFor={name}>{fieldNames[name]}</label>
      <input
        id={name}
        className="number"
        inputMode="numeric"
        value={form[name]}
        list={name === 'frameBytes' ? 'frame-sizes' : undefined}
        aria-invalid={faults[name] !== undefined}
        title={fieldNotes[name]}
        onChange={({ target }) => change({ [name]: target.value })}
      />
    </>
  );
  return (
    <Panel name="Traffic" className="traffic">
      <form
        className="traffic-form"
        onSubmit={(event) => {
          event.preventDefault();
          // Enter in a field comes here whether the button can be pressed or not.
          if (why === null) void start();
        }}
      >
        <div className="wide">
          <button
            type="submit"
            className="primary start-traffic"
            disabled={why !== null}
            title={why ?? 'Start, or take over the new settings (T)'}
          >
            {startWord}
          </button>
          <button
            type="button"
            disabled={!traffic?.running || !isLive}
            title={traffic?.running ? 'End the traffic (T)' : 'No traffic runs'}
            onClick={stop}
          >
            Stop
          </button>
          <SentWord />
        </div>
        <label htmlFor="direction">Direction</label>
        <select
          id="direction"
          className="rest"
          value={form.direction}
          onChange={({ target }) => change({ direction: target.value as TrafficForm['direction'] })}
        >
          <option value="receive">partner → card (receive)</option>
          <option value="transmit">card → partner (transmit)</option>
          <option value="both">both</option>
        </select>
        {field('framesPerSecond')}
        {field('frameBytes')}
        {field('flows')}
        {field('burst')}
        <datalist id="frame-sizes">
          {sizes.map((size) => (
            <option key={size} value={size} />
          ))}
        </datalist>
        {isLab ? <MtuChoice mtu={mtu} isLive={isLive} /> : null}
        <label htmlFor="damage">Damage</label>
        <select
          id="damage"
          className={isLab ? undefined : 'rest'}
          value={form.damage ?? 'none'}
          title={impossibleDamage}
          onChange={({ target }) => change({ damage: damages.find((one) => (one.damage ?? 'none') === target.value)?.damage ?? null })}
        >
          {damages.map((one) => (
            <option key={one.name} value={one.damage ?? 'none'}>
              {one.name}
            </option>
          ))}
        </select>
        <Note form={form} mtu={mtu} faults={faultWords} />
        <MarkField />
      </form>
    </Panel>
  );
}
