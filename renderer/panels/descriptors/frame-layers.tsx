// A frame's layers, outermost first, each with its fields. Pointing at one lights its bytes, and a byte that is pointed at lights its field.
import { useState } from 'react';
import type { FrameField, FrameLayer } from '#common/frames/frame-layer.ts';
import type { ByteRange } from './hex-dump.tsx';

const covers = ({ at, bytes }: ByteRange, byte: number | null): boolean => byte !== null && byte >= at && byte < at + bytes;

function Field({ field, byte, onPoint }: { field: FrameField; byte: number | null; onPoint: (range: ByteRange | null) => void }) {
  const { name, value, meaning } = field;
  return (
    <tr data-lit={covers(field, byte)} onMouseEnter={() => onPoint(field)} onMouseLeave={() => onPoint(null)}>
      <th scope="row">
        <button
          type="button"
          className="quiet"
          title={`Bytes ${field.at} to ${field.at + field.bytes - 1}`}
          onFocus={() => onPoint(field)}
          onBlur={() => onPoint(null)}
        >
          {name}
        </button>
      </th>
      <td className="mono">{value}</td>
      <td className="soft">{meaning}</td>
    </tr>
  );
}

function Layer({ layer, byte, onPoint }: { layer: FrameLayer; byte: number | null; onPoint: (range: ByteRange | null) => void }) {
  const [isOpen, setOpen] = useState(false);
  const { name, summary, fault, fields } = layer;
  // The field of a byte that is pointed at is seen whether its layer was opened or not.
  const isPointedAt = covers(layer, byte);
  const shown = isOpen ? fields : [];
  const pointed = isPointedAt && !isOpen ? fields.find((field) => covers(field, byte)) : undefined;
  return (
    <li data-lit={isPointedAt} onMouseLeave={() => onPoint(null)}>
      <button
        type="button"
        className="quiet layer-name"
        aria-expanded={fields.length > 0 ? isOpen : undefined}
        onMouseEnter={() => onPoint(layer)}
        onFocus={() => onPoint(layer)}
        onBlur={() => onPoint(null)}
        onClick={() => fields.length > 0 && setOpen(!isOpen)}
      >
        <span aria-hidden="true">{fields.length === 0 ? '·' : isOpen ? '▾' : '▸'}</span>
        <strong>{name}</strong>
        <span className="layer-summary">{pointed ? `${pointed.name} ${pointed.value} ${pointed.meaning}` : summary}</span>
      </button>
      {fault && (
        <p className="invalid">
          <span aria-hidden="true">✕ </span>
          {name} {fault}.
        </p>
      )}
      {shown.length > 0 && (
        <table>
          <tbody>
            {shown.map((field) => (
              <Field key={`${field.name} ${field.at}`} field={field} byte={byte} onPoint={onPoint} />
            ))}
          </tbody>
        </table>
      )}
    </li>
  );
}

/** The layers. `byte` is the one that is pointed at elsewhere. */
export function FrameLayers({
  layers,
  byte,
  onPoint,
}: {
  layers: readonly FrameLayer[];
  byte: number | null;
  onPoint: (range: ByteRange | null) => void;
}) {
  return (
    <ol className="frame-layers" aria-label="Layers of the frame">
      {layers.map((layer) => (
        <Layer key={`${layer.name} ${layer.at}`} layer={layer} byte={byte} onPoint={onPoint} />
      ))}
    </ol>
  );
}
