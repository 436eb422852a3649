// The header's button: whether this session is recorded, since when, and how much that is.
import { formatBytes, formatDuration } from '../../ui/format.ts';
import { useModel, useSession } from '../../ui/model-context.tsx';
import { toggleRecording } from '../../ui/replay-commands.ts';

/** Starts a recording, or ends it. */
export function RecordButton() {
  const model = useModel();
  const recording = useSession((state) => state.recording);
  const isOpen = useSession((state) => state.connection.name === 'open');
  const isReplay = useSession((state) => state.target?.kind === 'recording');
  const isRecording = recording?.state === 'recording';
  const isFailed = recording?.state === 'failed';
  const dropped = recording && recording.droppedFrames > 0 ? ` · ${recording.droppedFrames} dropped` : '';
  const title = isReplay
    ? 'This is a recording; a live session can be recorded'
    : isRecording
      ? `Stop recording ${recording.name ?? ''} (R)`
      : isFailed
        ? (recording.reason ?? 'The recording failed')
        : 'Record this session (R)';
  return (
    <button
      type="button"
      className="record-button"
      data-state={recording?.state ?? 'idle'}
      aria-pressed={isRecording}
      aria-label={isRecording ? 'Stop recording' : 'Record'}
      disabled={!isOpen || isReplay}
      title={title}
      onClick={() => toggleRecording(model)}
    >
      <span aria-hidden="true">{isFailed ? '✕' : isRecording ? '■' : '●'}</span>
      {isRecording ? (
        <span className="number" data-testid="recording-size">
          {formatDuration(recording.seconds * 1000).replace(/\.\d$/, '')} · {formatBytes(recording.bytes)}
          {dropped}
        </span>
      ) : (
        <span>{isFailed ? 'Recording failed' : 'Record'}</span>
      )}
    </button>
  );
}
