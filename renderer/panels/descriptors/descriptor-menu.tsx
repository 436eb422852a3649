// What a right-click on a descriptor offers.
import { ContextMenu } from 'radix-ui';
import type { ReactElement } from 'react';
import { descriptorHex } from '#common/rings/ring-backend.ts';
import type { TrackedRing } from '../../state/ring-tracker.ts';
import { useModel, useSession } from '../../ui/model-context.tsx';
import { fieldBase } from '../../ui/number-base.ts';
import { copyText } from '../../ui/save-text.ts';
import { decodedText } from './descriptor-text.ts';
import { interruptOf, showVector } from './show-vector.ts';

/** The menu of the chosen descriptor, around what is clicked. */
export function DescriptorMenu({ ring, slot, children }: { ring: TrackedRing; slot: number | null; children: ReactElement }) {
  const model = useModel();
  const { device, kind, index } = ring.snapshot;
  const observation = useSession((state) => state.observations[device]?.newest);
  const irq = interruptOf({ kind, index }, model.vectors.get(device), observation);
  const copy = (text: string) => void copyText(model, 'Descriptor', text);
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger asChild>{children}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content className="menu" aria-label={slot === null ? 'Descriptor' : `Descriptor ${slot}`}>
          <ContextMenu.Item disabled={slot === null} onSelect={() => slot !== null && copy(descriptorHex(ring.snapshot, slot))}>
            Copy raw
          </ContextMenu.Item>
          <ContextMenu.Item
            disabled={slot === null}
            onSelect={() => slot !== null && copy(decodedText(ring.snapshot, slot, fieldBase(model.layout.getState().numberBase)))}
          >
            Copy decoded
          </ContextMenu.Item>
          <ContextMenu.Item
            disabled={irq === null}
            title={irq === null ? 'Neither driver nor kernel has told which interrupt serves this queue.' : undefined}
            onSelect={() => irq !== null && showVector(model, irq)}
          >
            <span>Show the vector of this queue</span>
            <span className="soft">{irq === null ? '' : `IRQ ${irq}`}</span>
          </ContextMenu.Item>
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
