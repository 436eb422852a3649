// What the chosen descriptor's buffer holds: nothing before somebody agreed to see payload, then bytes and layers, each lighting the other.
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { decodeFrame } from '#common/frames/decode-frame.ts';
import { plainHex } from '#common/frames/frame-layer.ts';
import { hexdumpText } from '#common/frames/hexdump.ts';
import { pcapFile } from '#common/frames/pcap-file.ts';
import type { BufferSnapshot } from '#common/layouts/buffer.ts';
import { type BufferPlace, isOf } from '../../state/buffer-desk.ts';
import { secondsOf } from '../../state/time-store.ts';
import { useModel, useTime } from '../../ui/model-context.tsx';
import { copyText, saveFile, saveText } from '../../ui/save-text.ts';
import { bytesOf, fileName, holdingWords, type ShownBytes, usualBytes } from './buffer-words.ts';
import { FrameLayers } from './frame-layers.tsx';
import { type ByteRange, HexDump } from './hex-dump.tsx';
import { ShowBytesDialog } from './show-bytes-dialog.tsx';

// A look stops the queue's poll for an instant: often enough to follow, seldom enough not to matter.
const followMs = 500;

/** The instant of a look, which all panels share. */
function Instant({ timeNs, name }: { timeNs: bigint; name: string }) {
  const { time } = useModel();
  const seconds = secondsOf(timeNs);
  return (
    <button
      type="button"
      className="quiet mono"
      title="Show this instant in every panel"
      onClick={() => time.setState({ chosenSeconds: seconds })}
      onMouseEnter={() => time.setState({ hoveredSeconds: seconds })}
      onMouseLeave={() => time.setState({ hoveredSeconds: null })}
    >
      {name} {seconds.toFixed(6)}
    </button>
  );
}

/** The bytes of a look. */
function Look({ look, asked, onAsk }: { look: BufferSnapshot; asked: ShownBytes | null; onAsk: (shown: ShownBytes) => void }) {
  const model = useModel();
  const [lit, setLit] = useState<ByteRange | null>(null);
  const [byte, setByte] = useState<number | null>(null);
  const shown: ShownBytes = asked === 'kept' && !look.kept ? 'now' : (asked ?? usualBytes(look));
  const { bytes, whole, timeNs } = bytesOf(look, shown);
  const layers = useMemo(() => (bytes.length > 0 ? decodeFrame({ bytes, whole }) : []), [bytes, whole]);
  const pointAt = useCallback((at: number | null) => setByte(at), []);
  // A byte that is pointed at lights all of the narrowest field that it is of.
  const field = useMemo(() => {
    if (byte === null) return null;
    const fields = layers.flatMap((layer) => layer.fields);
    return fields.find(({ at, bytes: size }) => byte >= at && byte < at + size) ?? { at: byte, bytes: 1 };
  }, [layers, byte]);
  const name = fileName(look);
  return (
    <>
      {look.kind === 'rx' && (
        <p className="buffer-tools">
          <span role="group" aria-label="Which bytes">
            <button type="button" aria-pressed={shown === 'now'} onClick={() => onAsk('now')}>
              In the buffer now
            </button>
            <button
              type="button"
              aria-pressed={shown === 'kept'}
              disabled={!look.kept}
              title={
                look.kept
                  ? 'As it was when the driver took it; the first 256 bytes are kept'
                  : 'Nothing was kept of a frame here: the driver keeps frames while its events are traced (below), from the next frame on'
              }
              onClick={() => onAsk('kept')}
            >
              Last frame received here
            </button>
          </span>
        </p>
      )}
      <p className="buffer-state">
        {shown === 'kept' ? (
          <>
            The last frame that the driver took from this slot, as it was then. <Instant timeNs={timeNs} name="Taken at" />
          </>
        ) : (
          <>
            {holdingWords[look.holding]} <Instant timeNs={timeNs} name="Looked at" />
          </>
        )}
      </p>
      {bytes.length > 0 && (
        <>
          <p className="buffer-tools">
            <span className="number soft" data-testid="byte-count">
              {bytes.length} of {whole} bytes
              {look.first !== look.last && shown === 'now' && `, descriptors ${look.first} to ${look.last}`}
            </span>
            <button type="button" onClick={() => void copyText(model, 'Hex dump', hexdumpText(bytes))}>
              Copy dump
            </button>
            <button type="button" onClick={() => void copyText(model, 'Bytes', plainHex(bytes))}>
              Copy bytes
            </button>
            <button type="button" onClick={() => saveText(`${name}.txt`, 'text/plain', hexdumpText(bytes))}>
              Save dump
            </button>
            <button
              type="button"
              title="A file for Wireshark and tcpdump, with the time since boot"
              onClick={() => saveFile(`${name}.pcap`, new Blob([pcapFile(bytes, whole, timeNs)], { type: 'application/vnd.tcpdump.pcap' }))}
            >
              Save pcap
            </button>
          </p>
          <FrameLayers layers={layers} byte={byte} onPoint={setLit} />
          <HexDump bytes={bytes} lit={lit ?? field} onPoint={pointAt} />
        </>
      )}
    </>
  );
}

/** Looks once when a descriptor is chosen, and again and again while it is to be followed. */
function useLooks(place: BufferPlace, isPermitted: boolean, isFollowing: boolean): () => void {
  const { buffers } = useModel();
  const isPaused = useTime((state) => state.pausedSeconds !== null);
  const { device, kind, queue, index } = place;
  const look = useCallback(() => void buffers.read({ device, kind, queue, index }), [buffers, device, kind, queue, index]);
  useEffect(() => {
    if (isPermitted) look();
  }, [look, isPermitted]);
  useEffect(() => {
    if (!isPermitted || !isFollowing || isPaused) return;
    // One after the other: a slow pipe is not asked faster than it answers.
    let timer: ReturnType<typeof setTimeout>;
    let isOver = false;
    const again = async () => {
      await buffers.read({ device, kind, queue, index });
      if (!isOver) timer = setTimeout(() => void again(), followMs);
    };
    timer = setTimeout(() => void again(), followMs);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [buffers, device, kind, queue, index, isPermitted, isFollowing, isPaused]);
  return look;
}

/** The part of a descriptor's detail. */
export function BufferBytes({ place }: { place: BufferPlace }) {
  const { buffers } = useModel();
  const isPermitted = useStore(buffers.store, (state) => state.permitted.has(place.device));
  const newest = useStore(buffers.store, (state) => state.look);
  const failed = useStore(buffers.store, (state) => state.refusal);
  const [isAsking, setAsking] = useState(false);
  const [isFollowing, setFollowing] = useState(false);
  const [asked, setAsked] = useState<ShownBytes | null>(null);
  const lookAgain = useLooks(place, isPermitted, isFollowing);
  const look = newest && isOf(newest, place) ? newest : null;
  const refusal = failed && isOf(failed.place, place) ? failed.refusal : null;
  return (
    <section className="buffer-bytes" aria-label={`Bytes of slot ${place.index}`}>
      <p className="buffer-tools">
        <strong>Bytes of slot {place.index}</strong>
        {isPermitted ? (
          <>
            <button type="button" onClick={lookAgain}>
              Look again
            </button>
            <button type="button" aria-pressed={isFollowing} title="Look twice a second" onClick={() => setFollowing(!isFollowing)}>
              Follow
            </button>
            <button type="button" onClick={() => void buffers.permit(place.device, false)}>
              Hide bytes
            </button>
          </>
        ) : (
          <button type="button" onClick={() => setAsking(true)}>
            Show bytes…
          </button>
        )}
      </p>
      {!isPermitted && <p className="soft">Payload is shown to nobody who has not asked for it.</p>}
      {refusal && (
        <p className="invalid" role="alert">
          {refusal.message} {refusal.remedy ?? ''}
        </p>
      )}
      {isPermitted && look && !refusal && <Look look={look} asked={asked} onAsk={setAsked} />}
      {isAsking && <ShowBytesDialog device={place.device} onClose={() => setAsking(false)} />}
    </section>
  );
}
