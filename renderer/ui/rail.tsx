// The rail at the left: the layouts, and below them every panel, to be brought into the layout that is shown.
import { useStore } from 'zustand';
import { type Layout, layouts } from '../panels/layouts.ts';
import { panels } from '../panels/registry.tsx';
import { useModel } from './model-context.tsx';

/** Changes between the layouts, and shows panels. */
export function Rail({ current }: { current: Layout }) {
  const { layout, workbench } = useModel();
  const visible = useStore(workbench.store, (state) => state.visible);
  const open = useStore(workbench.store, (state) => state.open);
  return (
    <div className="rail">
      <nav aria-label="Layouts">
        {layouts.map(({ id, name, icon: Icon }) => (
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
      <nav aria-label="Panels" className="rail-panels">
        {panels.map(({ id, name, icon: Icon }) => (
          <button
            key={id}
            type="button"
            className="quiet"
            aria-label={`${name} panel`}
            title={`${name}${visible.includes(id) ? ', in sight' : open.includes(id) ? ', behind another' : ''}`}
            data-state={visible.includes(id) ? 'visible' : open.includes(id) ? 'open' : 'closed'}
            onClick={() => workbench.show(id)}
          >
            <Icon size={15} aria-hidden="true" />
          </button>
        ))}
      </nav>
    </div>
  );
}
