// Copies and files of the log.
import { ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { tell } from '../../state/session-store.ts';
import type { WindowModel } from '../../state/window-model.ts';
import { formatCount } from '../../ui/format.ts';
import { useModel } from '../../ui/model-context.tsx';
import { type LogFormat, rowsOf, saveRows, textLine } from './log-export.ts';
import type { LogView } from './log-view.ts';

/** Copies the selected rows as text. */
export async function copySelection(model: WindowModel, view: LogView): Promise<void> {
  const { from, to } = view.selection.range();
  let text = '';
  for (const row of rowsOf(view.log, view.shown.list, from, to)) text += textLine(row);
  if (text === '') {
    tell(model.session, { severity: 'warning', title: 'Nothing was copied', detail: 'Select rows of the kernel log first.' });
    return;
  }
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    tell(model.session, {
      severity: 'error',
      title: 'The rows were not copied',
      detail: error instanceof Error ? error.message : String(error),
    });
  }
}

async function save(model: WindowModel, view: LogView, format: LogFormat, isFiltered: boolean): Promise<void> {
  const rows = rowsOf(view.log, isFiltered ? view.shown.passed : null);
  const bootTime = model.session.getState().hello?.bootTimeUnixNs ?? null;
  if (await saveRows(rows, format, bootTime)) return;
  const detail = isFiltered ? 'No row passes the filter.' : 'The log has no row yet.';
  tell(model.session, { severity: 'warning', title: 'No file was made', detail });
}

/** The menu. */
export function LogExportMenu({ view }: { view: LogView }) {
  const model = useModel();
  const { from, to } = view.selection.range();
  const items = (isFiltered: boolean, count: number) =>
    (['log', 'csv'] as const).map((format) => (
      <DropdownMenu.Item key={format} disabled={count === 0} onSelect={() => void save(model, view, format, isFiltered)}>
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
