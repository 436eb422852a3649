// The recordings there are: when, how long, how large, whether whole; to be opened, exported, deleted.
import { useEffect } from 'react';
import type { RecordingItem } from '#common/protocol/recording.ts';
import { formatBytes, formatDuration } from '../../ui/format.ts';
import { useModel, useSession } from '../../ui/model-context.tsx';
import { toggleRecording } from '../../ui/replay-commands.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { ExportMenu } from './export-menu.tsx';

const two = (value: number) => String(value).padStart(2, '0');

/** Local date and time, sortable by eye. */
function started(unixMs: number): string {
  const at = new Date(unixMs);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

function Row({ item, isOpen, isWritten }: { item: RecordingItem; isOpen: boolean; isWritten: boolean }) {
  const model = useModel();
  const { name, bytes, startedUnixMs, seconds, complete, remark } = item;
  const open = async () => {
    if (await model.ask('choose-target', { target: { kind: 'recording', name } })) model.layout.setState({ view: 'inspect' });
  };
  const state = isWritten ? '● being written' : complete ? 'complete' : seconds > 0 ? '△ not ended' : '✕ unreadable';
  return (
    <tr data-recording={name} aria-current={isOpen ? 'true' : undefined}>
      <td className="mono recording-name" title={name}>
        {name}
      </td>
      <td className="number">{started(startedUnixMs)}</td>
      <td className="number">{seconds > 0 ? formatDuration(seconds * 1000) : '–'}</td>
      <td className="number">{formatBytes(bytes)}</td>
      <td title={remark ?? undefined} className={complete || isWritten ? 'soft' : 'recording-cut'}>
        {isOpen ? `open, ${state}` : state}
      </td>
      <td className="recording-actions">
        <button
          type="button"
          className="primary"
          onClick={() => void open()}
          disabled={isWritten || seconds === 0}
          aria-label={`Open ${name}`}
        >
          Open
        </button>
        <ExportMenu name={name} />
        <DeleteDialog name={name} bytes={bytes} />
      </td>
    </tr>
  );
}

function RecordChoices({ isDisabled }: { isDisabled: boolean }) {
  const model = useModel();
  const isRecording = useSession((state) => state.recording?.state === 'recording');
  if (isRecording) {
    return (
      <button type="button" className="primary" onClick={() => toggleRecording(model)}>
        Stop recording
      </button>
    );
  }
  return (
    <>
      <button type="button" className="primary" disabled={isDisabled} onClick={() => toggleRecording(model)}>
        Record from now on
      </button>
      <button
        type="button"
        disabled={isDisabled}
        onClick={() => toggleRecording(model, true)}
        title="With the kernel log since boot, the last minute of samples and the console’s end"
      >
        Record with what was kept
      </button>
    </>
  );
}

/** The view. */
export function RecordingsView() {
  const model = useModel();
  const recordings = useSession((state) => state.recordings);
  const state = useSession((all) => all.recording?.state);
  const written = useSession((all) => (all.recording?.state === 'recording' ? all.recording.name : null));
  const isReplaying = useSession((all) => all.replay !== null);
  const open = useSession((all) => (all.replay && !all.replay.elsewhere ? all.replay.name : null));
  const isConnected = useSession((all) => all.connection.name === 'open');
  const failure = useSession((all) => (all.recording?.state === 'failed' ? all.recording.reason : null));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a recording that begins or ends changes the list
  useEffect(() => {
    if (isConnected) void model.ask('list-recordings', {});
  }, [model, isConnected, state]);
  return (
    <section className="recordings" aria-label="Recordings">
      <header>
        <h2>Recordings</h2>
        <RecordChoices isDisabled={!isConnected || isReplaying} />
        <label>
          <input
            type="checkbox"
            checked={recordings?.always ?? false}
            disabled={!recordings}
            onChange={({ target }) => void model.ask('record-always', { on: target.checked })}
          />
          Record every session from its start
        </label>
        <span className="spacer" />
        <span className="mono soft recordings-folder" title="Where they are">
          {recordings?.folder ?? ''}
        </span>
      </header>
      {failure ? (
        <p className="recording-cut" role="alert">
          {failure}
        </p>
      ) : null}
      {!recordings ? <p className="empty">The recordings are being looked through.</p> : null}
      {recordings && recordings.items.length === 0 ? (
        <p className="empty">Nothing has been recorded yet. Record this session, and what it shows can be looked at again here.</p>
      ) : null}
      {recordings && recordings.items.length > 0 ? (
        <div className="recordings-list">
          <table>
            <thead>
              <tr>
                <th>Name</th>
                <th className="number">Started</th>
                <th className="number">Length</th>
                <th className="number">Size</th>
                <th>State</th>
                <th>
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {recordings.items.map((item) => (
                <Row key={item.name} item={item} isOpen={item.name === open} isWritten={item.name === written} />
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </section>
  );
}
