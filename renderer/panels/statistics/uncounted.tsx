// What this driver and this kernel do not count, and why: a group that is not in the table would else be looked for.
import { useSession } from '../../ui/model-context.tsx';
import { groupWords } from './statistic-rows.ts';

/** One line for each group that was observed in vain. */
export function Uncounted({ address }: { address: string | null }) {
  const seen = useSession((state) => (address ? state.observations[address]?.newest : undefined));
  if (!seen) return null;
  const unread = 'the agent that told this did not read them yet.';
  const groups = [
    ['ethtool', seen.ethtoolStatistics.reason],
    ['queue', seen.queueStatistics.reason],
    ['page_pool', seen.pagePools ? seen.pagePools.reason : unread],
  ] as const;
  return groups.map(([group, reason]) =>
    reason === null ? null : (
      <p key={group} className="soft statistics-uncounted" data-uncounted={group}>
        {groupWords[group].name}: {reason}
      </p>
    ),
  );
}
