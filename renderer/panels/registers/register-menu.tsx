// What a right click on a register offers: copying it raw or decoded, watching it, the instant of its change, writing it.
import { ContextMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { hexWord, type PlacedRegister } from '#common/registers/register-file.ts';
import { toggleWatched } from '../../state/register-view.ts';
import { useModel } from '../../ui/model-context.tsx';
import { copyText } from '../../ui/save-text.ts';
import { shownValue, type ValueSources } from './register-value.ts';
import { registerText } from './registers-text.ts';

/** The menu around the list. `place` is the chosen register, null on a group. `whyNoWrite` says why it cannot be written. */
export function RegisterMenu({
  place,
  sources,
  isWatched,
  whyNoWrite,
  onWrite,
  children,
}: {
  place: PlacedRegister | null;
  sources: ValueSources;
  isWatched: boolean;
  whyNoWrite: string | null;
  onWrite: () => void;
  children: ReactNode;
}) {
  const model = useModel();
  const copy = (text: string) => void copyText(model, 'Register', text);
  const value = place && shownValue(place, sources).value;
  const change = place && sources.tracked?.lastChange(place.offset, 0xffff_ffff, sources.seconds);
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger asChild disabled={place === null}>
        {children}
      </ContextMenu.Trigger>
      <ContextMenu.Portal>
        {place && (
          <ContextMenu.Content className="menu" aria-label={place.name}>
            <ContextMenu.Item disabled={value === null} onSelect={() => copy(hexWord(value ?? 0).replace(' ', ''))}>
              Copy raw
            </ContextMenu.Item>
            <ContextMenu.Item onSelect={() => copy(registerText(place, sources))}>Copy decoded</ContextMenu.Item>
            <ContextMenu.Item onSelect={() => toggleWatched(model.registerView, place.offset)}>
              {isWatched ? 'Watch no longer' : 'Watch'} <span className="soft">W</span>
            </ContextMenu.Item>
            <ContextMenu.Item disabled={!change} onSelect={() => change && model.time.setState({ chosenSeconds: change.seconds })}>
              Go to its last change
            </ContextMenu.Item>
            <ContextMenu.Item disabled={whyNoWrite !== null} title={whyNoWrite ?? undefined} onSelect={onWrite}>
              Write… <span className="soft">Enter</span>
            </ContextMenu.Item>
          </ContextMenu.Content>
        )}
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
