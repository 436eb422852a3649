// How bad something is, by colour, by shape and in a word.
import { Info, OctagonX, TriangleAlert } from 'lucide-react';
import type { Severity } from '#common/alerts/alert.ts';

const shapes = { error: OctagonX, warning: TriangleAlert, info: Info } as const;

/** The mark; `isOver` takes the colour away, not the shape. */
export function SeverityMark({ severity, isOver = false }: { severity: Severity; isOver?: boolean }) {
  const Shape = shapes[severity];
  return (
    <span className="severity" data-severity={severity} data-over={isOver || undefined}>
      <Shape size={14} aria-hidden="true" />
      <span>{severity}</span>
    </span>
  );
}
