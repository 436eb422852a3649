// One descriptor, field by field, with the datasheet's section beside each.
import { rigbRings } from '#common/rings/rigb.ts';
import { descriptorHex } from '#common/rings/ring-backend.ts';
import type { TrackedRing } from '../../state/ring-tracker.ts';
import { groupHex } from '../../ui/format.ts';
import { SlotLife } from '../life/slot-life.tsx';

/** The chosen descriptor. */
export function DescriptorDetail({ ring, slot }: { ring: TrackedRing; slot: number | null }) {
  if (slot === null || slot >= ring.snapshot.descriptorCount) {
    return (
      <div className="descriptor-detail">
        <p className="empty">Choose a descriptor, in the table or on the ring, to see its fields.</p>
      </div>
    );
  }
  const raw = descriptorHex(ring.snapshot, slot);
  const { format, fields } = rigbRings.decode(ring.snapshot, slot);
  const decoded = fields.map(({ name, value, meaning }) => `${name} = 0x${value.toString(16)} ${meaning}`.trim()).join('\n');
  return (
    <div className="descriptor-detail">
      <div className="empty">
        <span>
          <strong>
            {slot} {format}
          </strong>
        </span>
        <span className="mono">{groupHex(raw)}</span>
        <span>
          <button type="button" onClick={() => void navigator.clipboard?.writeText(raw)}>
            Copy raw
          </button>{' '}
          <button type="button" onClick={() => void navigator.clipboard?.writeText(decoded)}>
            Copy decoded
          </button>
        </span>
      </div>
      <table>
        <thead>
          <tr>
            <th>Field</th>
            <th>Value</th>
            <th>Meaning</th>
            <th title="Section of the 82576 datasheet">§</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ name, bit, width, value, meaning, section }) => (
            <tr key={name} title={`bits ${bit + width - 1}:${bit}`}>
              <td>{name}</td>
              <td className="mono">0x{value.toString(16)}</td>
              <td>{meaning}</td>
              <td className="soft">{section}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <SlotLife device={ring.snapshot.device} ring={{ kind: ring.snapshot.kind, queue: ring.snapshot.index }} slot={slot} />
    </div>
  );
}
