// Copies and files of the log.
import { ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { formatCount } from '../../ui/format.ts';
import { useModel } from '../../ui/model-context.tsx';
import { copySelection, saveLog } from './log-actions.ts';
import type { LogView } from './log-view.ts';

/** The menu. */
export function LogExportMenu({ view }: { view: LogView }) {
  const model = useModel();
  const { from, to } = view.selection.range();
  const items = (isFiltered: boolean, count: number) =>
    (['log', 'csv'] as const).map((format) => (
      <DropdownMenu.Item key={format} disabled={count === 0} onSelect={() => void saveLog(model, view, format, isFiltered)}>
        <span>{format === 'log' ? 'Text' : 'CSV'}</span>
        <span className="soft">{format === 'log' ? '.log, as dmesg prints it' : 'ISO time, boot time, level, device, text'}</span>
      </DropdownMenu.Item>
    ));
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="target-menu" aria-label="Copy or export the log" title="Copy rows, or make a file of them">
        Export
        <ChevronDown size={14} aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
          <DropdownMenu.Item disabled={to <= from} onSelect={() => void copySelection(model, view)}>
            <span>Copy selected rows</span>
            <span className="soft">{to > from ? `${formatCount(to - from)} rows, Ctrl+C` : 'none is selected'}</span>
          </DropdownMenu.Item>
          <DropdownMenu.Group>
            <DropdownMenu.Label className="menu-label soft">What passes the filter, reports unfolded</DropdownMenu.Label>
            {items(true, view.shown.passed.length)}
          </DropdownMenu.Group>
          <DropdownMenu.Group>
            <DropdownMenu.Label className="menu-label soft">All rows that are kept</DropdownMenu.Label>
            {items(false, view.log.length)}
          </DropdownMenu.Group>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
