// Time at the bottom of the window, one bar for what is live and for an open recording: what happened when, and the way to any instant of it.
import { useMemo } from 'react';
import { useModel, useSession } from '../../ui/model-context.tsx';
import { PauseControl, SpanControl } from './live-controls.tsx';
import { PlayControl, RecordingControl } from './replay-controls.tsx';
import { TimelineAxis } from './timeline-axis.ts';
import { TimelineStrip } from './timeline-strip.tsx';

/** The bar above the status bar. */
export function Timeline() {
  const model = useModel();
  const axis = useMemo(() => new TimelineAxis(model), [model]);
  const replay = useSession((state) => state.replay);
  return (
    <section className="timeline" aria-label={replay ? 'Recording' : 'Time'}>
      {replay ? <PlayControl replay={replay} /> : <PauseControl />}
      <TimelineStrip axis={axis} />
      {replay ? <RecordingControl replay={replay} /> : <SpanControl axis={axis} />}
    </section>
  );
}
