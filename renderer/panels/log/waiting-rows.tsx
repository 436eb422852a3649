// How many rows came while the screen stands still: the list does not move, so a number says that the log goes on.
import { Pause } from 'lucide-react';
import { useEffect, useState } from 'react';
import { formatCount } from '../../ui/format.ts';
import { useModel } from '../../ui/model-context.tsx';

const lookEveryMs = 500;

/** The number, as the button that lets the screen go on. */
export function WaitingRows({ pausedSeconds }: { pausedSeconds: number }) {
  const { log, standstill } = useModel();
  const [waiting, setWaiting] = useState(() => log.rowsAfter(pausedSeconds));
  useEffect(() => {
    // Nobody is told of new rows while the screen stands still.
    const look = () => setWaiting(log.rowsAfter(pausedSeconds));
    look();
    const timer = setInterval(look, lookEveryMs);
    return () => clearInterval(timer);
  }, [log, pausedSeconds]);
  return (
    <button
      type="button"
      className="number"
      data-testid="waiting-rows"
      title="Rows that came since the screen was stopped. Click to go on."
      onClick={() => standstill.goOn()}
    >
      <Pause size={12} aria-hidden="true" /> {formatCount(waiting)} newer
    </button>
  );
}
