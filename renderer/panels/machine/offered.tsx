// What a driver does not offer says so, in the place where it would be.
import { useSession } from '../../ui/model-context.tsx';

/** The reason, or that the first look is under way. */
export function NotOffered({ what, reason, isSeen }: { what: string; reason: string | null; isSeen: boolean }) {
  const isRecording = useSession((state) => state.target?.kind === 'recording');
  if (!isSeen)
    return (
      <p className="empty">
        {isRecording ? `${what}: the recording holds none before this instant.` : `${what}: waiting for the first observation.`}
      </p>
    );
  return (
    <p className="empty" data-testid="not-offered">
      {what}: {reason ?? 'the driver has none.'}
    </p>
  );
}

/** Seconds between two of the agent's clocks, or null when there is no earlier one. */
export function secondsBetween(before: { timeNs: string } | null, now: { timeNs: string }): number | null {
  if (!before) return null;
  const seconds = Number(BigInt(now.timeNs) - BigInt(before.timeNs)) / 1e9;
  return seconds > 0 ? seconds : null;
}

/** How fast a counter grew, or null when it is not known. A counter that went back was reset, which is no rate. */
export function rateOf(now: number, before: number | undefined, seconds: number | null): number | null {
  if (before === undefined || seconds === null || now < before) return null;
  return (now - before) / seconds;
}
