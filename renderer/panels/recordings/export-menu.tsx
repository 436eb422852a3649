// What a recording can be turned into; the file is made by the application, which then says where it is.
import { ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ExportFormat } from '#common/protocol/recording.ts';
import { useModel } from '../../ui/model-context.tsx';

const formats: readonly { readonly format: ExportFormat; readonly name: string; readonly what: string }[] = [
  { format: 'csv', name: 'CSV', what: 'counters and interrupts' },
  { format: 'json', name: 'JSON', what: 'everything' },
  { format: 'log', name: 'Text', what: 'the kernel log' },
  { format: 'perfetto', name: 'Perfetto trace', what: 'for ui.perfetto.dev' },
  { format: 'pcapng', name: 'pcapng', what: 'frames, where they were captured' },
];

/** A stretch of the recording, in milliseconds since its start. */
export interface Stretch {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The menu; with a stretch, which is of the open recording, it offers that beside all of it. The open one may lie anywhere, so it is not asked for by name. */
export function ExportMenu({ name, stretch }: { name: string; stretch?: Stretch }) {
  const model = useModel();
  const make = (format: ExportFormat, range: Stretch | null) =>
    void model.ask('export-recording', {
      ...(stretch ? {} : { name }),
      format,
      ...(range ? { fromMs: range.fromMs, toMs: range.toMs } : {}),
    });
  const ranges = stretch ? [stretch, null] : [null];
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="target-menu" aria-label={`Export ${name}`} title="Make a file for other programs">
        Export
        <ChevronDown size={14} aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
          {ranges.map((range) => (
            <DropdownMenu.Group key={range?.name ?? 'all'}>
              <DropdownMenu.Label className="menu-label soft">{range?.name ?? 'The whole recording'}</DropdownMenu.Label>
              {formats.map(({ format, name: label, what }) => (
                <DropdownMenu.Item key={format} onSelect={() => make(format, range)}>
                  <span>{label}</span>
                  <span className="soft">{what}</span>
                </DropdownMenu.Item>
              ))}
            </DropdownMenu.Group>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
