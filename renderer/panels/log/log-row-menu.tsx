// What a right click on a row offers.
import { ContextMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { useModel } from '../../ui/model-context.tsx';
import { chooseRow, copyReport, copySelection } from './log-actions.ts';
import { deviceName } from './log-criteria.ts';
import type { LogView } from './log-view.ts';

/** The menu of the row that was chosen last, around the list. */
export function LogRowMenu({ view, children }: { view: LogView; children: ReactNode }) {
  const model = useModel();
  const { focus } = view.selection;
  const row = focus === null ? null : view.log.row(focus);
  const record = row?.type === 'record' ? row : null;
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger asChild>{children}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content className="menu">
          <ContextMenu.Item disabled={!row} onSelect={() => void copySelection(model, view)}>
            Copy selected rows
          </ContextMenu.Item>
          <ContextMenu.Item disabled={!record?.report} onSelect={() => record && void copyReport(model, view, record.report)}>
            Copy decoded report
          </ContextMenu.Item>
          <ContextMenu.Item disabled={!record?.device} onSelect={() => record && view.filter({ device: record.device })}>
            Show only {record?.device ? deviceName(record.device) : 'this device'}
          </ContextMenu.Item>
          <ContextMenu.Item disabled={!row} onSelect={() => row && chooseRow(model, view, row.number)}>
            Show this instant in every panel
          </ContextMenu.Item>
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
