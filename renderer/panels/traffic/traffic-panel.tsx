// Traffic between the two ports, on or off, and a mark in the kernel log.
import { useState } from 'react';
import { formatCount } from '../../ui/format.ts';
import { useModel, useSession } from '../../ui/model-context.tsx';
import { Panel } from '../../ui/panel.tsx';

/** What is wrong with a number in words, or null. */
export function numberFault(text: string, least: number, most: number): string | null {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value)) return 'a whole number is wanted';
  return value < least || value > most ? `between ${least} and ${most}` : null;
}

/** The panel. */
export function TrafficPanel() {
  const model = useModel();
  const traffic = useSession((state) => state.traffic);
  const isLive = useSession((state) => state.target?.phase === 'live');
  const [direction, setDirection] = useState<'receive' | 'transmit' | 'both'>('receive');
  const [rate, setRate] = useState('2000');
  const [size, setSize] = useState('256');
  const [mark, setMark] = useState('');
  const rateFault = numberFault(rate, 0, 10_000_000);
  const sizeFault = numberFault(size, 60, 1514);
  const canRun = isLive && traffic?.available !== false && !rateFault && !sizeFault;
  const run = (running: boolean) =>
    void model.ask('traffic', { running, direction, framesPerSecond: Number(rate), frameBytes: Number(size) });
  return (
    <Panel name="Traffic" className="traffic">
      <form
        className="traffic-form"
        onSubmit={(event) => {
          event.preventDefault();
          run(true);
        }}
      >
        <label htmlFor="direction">Direction</label>
        <select id="direction" className="rest" value={direction} onChange={({ target }) => setDirection(target.value as typeof direction)}>
          <option value="receive">partner → card (receive)</option>
          <option value="transmit">card → partner (transmit)</option>
          <option value="both">both</option>
        </select>
        <label htmlFor="rate">Frames/s</label>
        <input
          id="rate"
          className="number"
          inputMode="numeric"
          value={rate}
          aria-invalid={rateFault !== null}
          title="0 is as fast as it goes"
          onChange={({ target }) => setRate(target.value)}
        />
        <label htmlFor="size">Bytes</label>
        <input
          id="size"
          className="number"
          inputMode="numeric"
          value={size}
          aria-invalid={sizeFault !== null}
          title="60 to 1514, without FCS"
          onChange={({ target }) => setSize(target.value)}
        />
        <div className="wide">
          <button type="submit" className="primary" disabled={!canRun} title="Start, or take over the new settings (T)">
            {traffic?.running ? 'Apply' : 'Start'}
          </button>
          <button type="button" disabled={!traffic?.running} onClick={() => run(false)}>
            Stop
          </button>
          <span className="number soft">
            {traffic ? (traffic.running ? `running, ${formatCount(traffic.sentFrames)} sent` : (traffic.reason ?? 'off')) : 'not known yet'}
          </span>
        </div>
        {rateFault || sizeFault ? (
          <div className="wide invalid" role="alert">
            {rateFault ? `Frames/s: ${rateFault}. ` : ''}
            {sizeFault ? `Bytes a frame: ${sizeFault}.` : ''}
          </div>
        ) : null}
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
      </form>
    </Panel>
  );
}
