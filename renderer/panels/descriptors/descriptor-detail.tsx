// One descriptor, field by field, with the datasheet's section beside each. Pointing at a field lights its digits in the raw bytes, and the other way round.
import { useState } from 'react';
import { rigbRings } from '#common/rings/rigb.ts';
import { type DescriptorField, descriptorHex } from '#common/rings/ring-backend.ts';
import type { TrackedRing } from '../../state/ring-tracker.ts';
import { useModel } from '../../ui/model-context.tsx';
import { fieldBase, useNumberBase } from '../../ui/number-base.ts';
import { copyText } from '../../ui/save-text.ts';
import { SlotLife } from '../life/slot-life.tsx';
import { BufferBytes } from './buffer-bytes.tsx';
import { decodedText, fieldValue } from './descriptor-text.ts';
import { bitsInDigit, fieldsOfDigit, placeOfField } from './field-bits.ts';
import { markedBytes } from './slots.ts';

function Digits({
  raw,
  changed,
  fields,
  lit,
  onPoint,
}: {
  raw: string;
  changed: number;
  fields: readonly DescriptorField[];
  lit: readonly string[];
  onPoint: (names: readonly string[]) => void;
}) {
  const shown = fields.filter(({ name }) => lit.includes(name));
  return (
    <span
      className="mono raw-digits"
      data-testid="raw-digits"
      role="img"
      aria-label={`Raw bytes ${raw}`}
      onMouseMove={({ target }) => {
        const digit = target instanceof HTMLElement ? target.dataset.digit : undefined;
        if (digit !== undefined) onPoint(fieldsOfDigit(fields, Number(digit)));
      }}
      onMouseLeave={() => onPoint([])}
    >
      {[...raw].map((digit, at) => {
        const isChanged = ((changed >> (at >> 1)) & 1) === 1;
        return (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a digit is its place
            key={at}
            data-digit={at}
            data-lit={shown.some((field) => bitsInDigit(field, at) !== 0)}
            className={isChanged ? 'changed-bytes' : undefined}
          >
            {digit}
          </span>
        );
      })}
    </span>
  );
}

/** What the datasheet says of the field that is pointed at; the place is kept when none is. */
function Explained({ field }: { field: DescriptorField | undefined }) {
  const base = fieldBase(useNumberBase());
  if (!field) return <p className="explained soft">Point at a field or at a byte.</p>;
  const { name, section, meaning } = field;
  return (
    <p className="explained" data-testid="explained">
      <strong>{name}</strong> {placeOfField(field)} · §{section} · {fieldValue(field, base)}
      {meaning && ` · ${meaning}`}
    </p>
  );
}

/** The chosen descriptor. */
export function DescriptorDetail({ ring, slot }: { ring: TrackedRing; slot: number | null }) {
  const model = useModel();
  const base = fieldBase(useNumberBase());
  const [lit, setLit] = useState<readonly string[]>([]);
  if (slot === null || slot >= ring.snapshot.descriptorCount) {
    return (
      <div className="descriptor-detail">
        <p className="empty">Choose a descriptor, in the table or on the ring, to see its fields.</p>
      </div>
    );
  }
  const raw = descriptorHex(ring.snapshot, slot);
  const { format, fields } = rigbRings.decode(ring.snapshot, slot);
  return (
    <div className="descriptor-detail">
      <div className="detail-head">
        <span className="detail-name">
          <strong>
            {slot} {format}
          </strong>
          <button type="button" onClick={() => void copyText(model, 'Descriptor', raw)}>
            Copy raw
          </button>
          <button type="button" onClick={() => void copyText(model, 'Descriptor', decodedText(ring.snapshot, slot, base))}>
            Copy decoded
          </button>
        </span>
        <Digits raw={raw} changed={markedBytes(ring, slot)} fields={fields} lit={lit} onPoint={setLit} />
        <Explained field={fields.find(({ name }) => name === lit[0])} />
      </div>
      <table onMouseLeave={() => setLit([])}>
        <thead>
          <tr>
            <th>Field</th>
            <th>Value</th>
            <th>Meaning</th>
            <th title="Section of the 82576 datasheet">§</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr
              key={field.name}
              data-field={field.name}
              data-lit={lit.includes(field.name)}
              title={placeOfField(field)}
              onMouseEnter={() => setLit([field.name])}
            >
              <td>{field.name}</td>
              <td className="mono">{fieldValue(field, base)}</td>
              <td>{field.meaning}</td>
              <td className="soft">{field.section}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <BufferBytes
        key={`${ring.snapshot.kind}${ring.snapshot.index} ${slot}`}
        place={{ device: ring.snapshot.device, kind: ring.snapshot.kind, queue: ring.snapshot.index, index: slot }}
      />
      <SlotLife device={ring.snapshot.device} ring={{ kind: ring.snapshot.kind, queue: ring.snapshot.index }} slot={slot} />
    </div>
  );
}
