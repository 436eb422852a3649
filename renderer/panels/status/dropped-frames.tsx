// Frames that this window did not get: which, since when and why, and where nothing of them is missing.
import { Popover } from 'radix-ui';
import { streams } from '#common/frame.ts';
import { formatCount } from '../../ui/format.ts';
import { useSession } from '../../ui/model-context.tsx';

const names: Readonly<Record<number, { readonly what: string; readonly how: string }>> = {
  [streams.log]: { what: 'kernel log records', how: 'the queue for this window was full; the log shows the gap in its place' },
  [streams.sample]: { what: 'samples', how: 'the newest took the place of older ones' },
  [streams.ring]: { what: 'ring snapshots', how: 'the newest of each ring took the place of older ones' },
  [streams.buffer]: { what: 'looks into a buffer', how: 'the newest of each descriptor took the place of older ones' },
  [streams.vectors]: { what: 'interrupt snapshots', how: 'the newest took the place of older ones' },
};

const clock = (unixMs: number) => new Date(unixMs).toLocaleTimeString('en-GB');

/** The part of the status bar. */
export function DroppedFrames() {
  const dropped = useSession((state) => state.dropped);
  const droppedAt = useSession((state) => state.droppedAt);
  const isRecording = useSession((state) => state.recording?.state === 'recording');
  const rows = Object.values(dropped).filter(({ frames, records }) => frames + records > 0);
  const total = rows.reduce((sum, { frames, records }) => sum + frames + records, 0);
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button
          type="button"
          className="quiet number status-part"
          title="Frames and records that this window did not get; click for which and why"
        >
          {formatCount(total)} dropped
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="menu explanation" side="top" align="start" sideOffset={4} aria-label="What this window did not get">
          <strong>{total === 0 ? 'This window got everything' : 'What this window did not get'}</strong>
          {rows.length > 0 ? (
            <ul>
              {rows.map(({ stream, frames, records }) => {
                const at = droppedAt[stream];
                const name = names[stream];
                return (
                  <li key={stream}>
                    <span className="number">{formatCount(frames)}</span> frames
                    {records > 0 ? (
                      <>
                        {' '}
                        with <span className="number">{formatCount(records)}</span> records
                      </>
                    ) : null}
                    : {name?.what ?? `stream ${stream}`}
                    {at ? `, since ${clock(at.firstUnixMs)}, last at ${clock(at.lastUnixMs)}` : ''}
                    {name ? <span className="soft"> ({name.how})</span> : null}
                  </li>
                );
              })}
            </ul>
          ) : null}
          <p className="soft">
            A window says which frames it has painted. One that paints slower than they come, because it is hidden, covered or busy, is not
            sent them all, so that it stays with the present.
          </p>
          <p>
            Nothing of it is lost in a recording: that is written before the windows are served
            {isRecording ? ', as one is being now.' : '; none is being written now.'}
          </p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
