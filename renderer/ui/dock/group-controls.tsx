// At the right of a group's tabs: panels that may be added to it, and the whole workbench for it.
import { Maximize2, Minimize2, Plus } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useStore } from 'zustand';
import { panels } from '../../panels/registry.tsx';
import { useModel } from '../model-context.tsx';

/** The menu behind "+": what is not in the layout first, then what can be brought here. */
export function AddMenu({ label, onAdd, children }: { label: string; onAdd: (panel: string) => void; children: React.ReactNode }) {
  const { workbench } = useModel();
  const open = useStore(workbench.store, (state) => state.open);
  const closed = panels.filter(({ id }) => !open.includes(id));
  const others = panels.filter(({ id }) => open.includes(id));
  const item = ({ id, name, icon: Icon }: (typeof panels)[number]) => (
    <DropdownMenu.Item key={id} onSelect={() => onAdd(id)}>
      <span className="with-icon">
        <Icon size={14} aria-hidden="true" /> {name}
      </span>
    </DropdownMenu.Item>
  );
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <button type="button" className="quiet" aria-label={label} title={label}>
          {children}
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={2}>
          {closed.length > 0 ? <DropdownMenu.Label className="menu-label soft">Open here</DropdownMenu.Label> : null}
          {closed.map(item)}
          {others.length > 0 ? <DropdownMenu.Label className="menu-label soft">Move here</DropdownMenu.Label> : null}
          {others.map(item)}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** The controls. */
export function GroupButtons({
  isMaximised,
  onAdd,
  onMaximise,
}: {
  isMaximised: boolean;
  onAdd: (panel: string) => void;
  onMaximise: () => void;
}) {
  const words = isMaximised ? 'Restore the panels' : 'Maximise this panel';
  return (
    <>
      <AddMenu label="Add a panel here" onAdd={onAdd}>
        <Plus size={13} aria-hidden="true" />
      </AddMenu>
      <button type="button" className="quiet" aria-label={words} title={words} aria-pressed={isMaximised} onClick={onMaximise}>
        {isMaximised ? <Minimize2 size={12} aria-hidden="true" /> : <Maximize2 size={12} aria-hidden="true" />}
      </button>
    </>
  );
}
