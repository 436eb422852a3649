// How durations are spread: one bar a power of two, and the numbers that matter in words. Other panels embed it.
import type { DurationSpread } from '#common/trace/durations.ts';
import { formatCount } from '../../ui/format.ts';
import { formatLatency } from '../../ui/format-latency.ts';

const height = 40;
const barWidth = 10;
const fewestBars = 12;

/** The numbers as one line. */
export function spreadInWords({ count, p50Ns, p99Ns, maxNs }: DurationSpread): string {
  return `p50 ${formatLatency(p50Ns)} · p99 ${formatLatency(p99Ns)} · max ${formatLatency(maxNs)} · of ${formatCount(count)}`;
}

/** Bars and words under a title. `reason` says why there is nothing yet. */
export function LatencyHistogram({ title, spread, reason }: { title: string; spread: DurationSpread; reason: string }) {
  const lowest = spread.buckets.findIndex((count) => count > 0);
  const words = spreadInWords(spread);
  if (lowest < 0) {
    return (
      <figure className="latency-histogram" aria-label={title}>
        <figcaption>{title}</figcaption>
        <p className="soft" style={{ height }}>
          {reason}
        </p>
      </figure>
    );
  }
  const bars = spread.buckets.slice(lowest);
  const highest = Math.max(...bars);
  const width = barWidth * Math.max(fewestBars, bars.length);
  return (
    <figure className="latency-histogram" aria-label={title}>
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} height={height} role="img" aria-label={`${title}: ${words}`} preserveAspectRatio="none">
        <title>{words}</title>
        <line x1={0} x2={width} y1={height - 0.5} y2={height - 0.5} className="axis" />
        {bars.map((count, at) => {
          const power = lowest + at;
          // One of many still shows: a bar is at least two pixels high.
          const bar = count === 0 ? 0 : Math.max(2, (count / highest) * (height - 2));
          return (
            <rect key={power} className="bar" x={at * barWidth + 1} y={height - bar} width={barWidth - 2} height={bar}>
              <title>{`${formatLatency(2 ** power)} to ${formatLatency(2 ** (power + 1))}: ${formatCount(count)}`}</title>
            </rect>
          );
        })}
      </svg>
      <p className="scale mono">
        <span>{formatLatency(2 ** lowest)}</span>
        <span>{formatLatency(2 ** (lowest + Math.max(fewestBars, bars.length)))}</span>
      </p>
      <p className="mono">{words}</p>
    </figure>
  );
}
