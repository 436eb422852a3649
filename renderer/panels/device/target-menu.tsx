// What is inspected, and the choice of something else.
import { DropdownMenu } from 'radix-ui';
import type { TargetChoice } from '#common/protocol.ts';
import { useModel } from '../../ui/model-context.tsx';
import { targetNames as names, TargetName } from './target-name.tsx';

/** A button that names the target and opens the choice. */
export function TargetMenu() {
  const model = useModel();
  const choose = (target: TargetChoice) => void model.ask('choose-target', { target });
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="target-menu" title="Choose what is inspected">
        <TargetName />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
          <DropdownMenu.Item onSelect={() => choose({ kind: 'lab' })}>
            <span>{names.lab}</span>
            <span className="soft">a guest with two cards, rigb on one</span>
          </DropdownMenu.Item>
          <DropdownMenu.Item onSelect={() => choose({ kind: 'local' })}>
            <span>{names.local}</span>
            <span className="soft">its own cards and drivers</span>
          </DropdownMenu.Item>
          <DropdownMenu.Item onSelect={() => choose({ kind: 'local', observe: true })}>
            <span>{names.local}, observed</span>
            <span className="soft">nothing is changed, no privileges needed</span>
          </DropdownMenu.Item>
          <DropdownMenu.Item onSelect={() => model.layout.setState({ view: 'recordings' })}>
            <span>{names.recording}…</span>
            <span className="soft">of a session, to look at again</span>
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
