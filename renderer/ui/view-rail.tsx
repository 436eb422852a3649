// The rail at the left: one button a view.
import type { View } from '../views.tsx';
import { useModel } from './model-context.tsx';

/** Shows the views and changes between them. */
export function ViewRail({ views, current }: { views: readonly View[]; current: View }) {
  const { layout } = useModel();
  return (
    <nav className="view-rail" aria-label="Views">
      {views.map(({ id, name, icon: Icon }) => (
        <button
          key={id}
          type="button"
          className="quiet"
          aria-current={id === current.id ? 'page' : undefined}
          onClick={() => layout.setState({ view: id })}
        >
          <Icon size={18} aria-hidden="true" />
          <span>{name}</span>
        </button>
      ))}
    </nav>
  );
}
