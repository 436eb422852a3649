// Writing a register: old value, new value field by field, and what the write does, before anything is done.
import { AlertDialog } from 'radix-ui';
import { useState } from 'react';
import type { Refusal } from '#common/protocol.ts';
import { bitsOf, type FieldValue, fieldsOf, hexOffset, hexWord, type PlacedRegister, withField } from '#common/registers/register-file.ts';
import { missing } from '../../ui/format.ts';
import { useModel } from '../../ui/model-context.tsx';
import { fieldBase, formatInBase, useNumberBase } from '../../ui/number-base.ts';
import { useReturnFocus } from '../../ui/return-focus.ts';

/** A word as a person types it: hexadecimal with 0x, else decimal; blanks and underscores part digits. Null when it is none of 32 bits. */
export function readWord(text: string): number | null {
  const digits = text.replaceAll(/[\s_]/g, '').toLowerCase();
  if (!/^(0x[0-9a-f]{1,8}|\d{1,10})$/.test(digits)) return null;
  const value = Number(digits);
  return value <= 0xffff_ffff ? value : null;
}

function FieldEditor({ field, before, onChange }: { field: FieldValue; before: FieldValue | undefined; onChange: (part: number) => void }) {
  const base = fieldBase(useNumberBase());
  const highest = 2 ** field.width - 1;
  const words = Object.entries(field.values ?? {});
  const label = `${field.name}, new value`;
  const isChanged = before !== undefined && before.value !== field.value;
  // A value without a word stays choosable, or it would be lost by looking at it.
  const choices = field.word === null ? [[String(field.value), 'no meaning is described'] as const, ...words] : words;
  return (
    <tr data-changed={isChanged}>
      <td className="mono" title={field.meaning}>
        {field.name}
      </td>
      <td className="mono soft">{bitsOf(field)}</td>
      <td className="number" title={before?.word ?? undefined}>
        {before === undefined ? missing : formatInBase(before.value, base)}
      </td>
      <td>
        {words.length > 0 ? (
          <select aria-label={label} value={field.value} onChange={(event) => onChange(Number(event.target.value))}>
            {choices.map(([value, word]) => (
              <option key={value} value={value}>
                {value} {word}
              </option>
            ))}
          </select>
        ) : field.width === 1 ? (
          <input
            type="checkbox"
            aria-label={label}
            checked={field.value === 1}
            onChange={(event) => onChange(event.target.checked ? 1 : 0)}
          />
        ) : (
          <input
            className="mono"
            aria-label={label}
            defaultValue={formatInBase(field.value, 'hex')}
            key={field.value}
            onBlur={(event) => {
              const part = readWord(event.target.value);
              if (part !== null && part <= highest) onChange(part);
              else event.target.value = formatInBase(field.value, 'hex');
            }}
          />
        )}
      </td>
      <td className="soft">
        {isChanged
          ? `${before.word ?? formatInBase(before.value, base)} → ${field.word ?? formatInBase(field.value, base)}`
          : field.meaning}
      </td>
    </tr>
  );
}

/** The question. `oldValue` is what was read last, null where nothing is read. */
export function WriteDialog({
  place,
  device,
  oldValue,
  onClose,
}: {
  place: PlacedRegister;
  device: string;
  oldValue: number | null;
  onClose: () => void;
}) {
  const model = useModel();
  const returnFocus = useReturnFocus();
  // What was there when the question was asked: a value that changes meanwhile must not change the new one.
  const [before] = useState(oldValue);
  const [text, setText] = useState(before === null ? '' : `0x${before.toString(16).padStart(8, '0')}`);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const value = readWord(text);
  const { description } = place;
  const old = before === null ? [] : fieldsOf(description, before);
  const write = async () => {
    if (value === null) return;
    setBusy(true);
    const refused = await model.request('write-register', { device, offset: place.offset, value, confirmed: true });
    setBusy(false);
    setRefusal(refused);
    if (refused !== null) return;
    // What came of it is shown at once, however seldom the registers are read.
    void model.request('read', { device, what: 'registers' });
    onClose();
  };
  return (
    <AlertDialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="dialog-overlay" />
        <AlertDialog.Content className="dialog register-write" onCloseAutoFocus={returnFocus}>
          <AlertDialog.Title>
            Write {place.name} of {device}?
          </AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div>
              <p>
                {description.title} (<span className="mono">{hexOffset(place.offset)}</span>).
              </p>
              <p className="effect-of-write">
                <strong>What the write does:</strong> {description.write}
              </p>
              {description.read !== 'none' && <p>{description.readNote} Its old value is therefore not known.</p>}
              {description.read === 'none' && before === null && (
                <p>It is not read, so its old value is not known, and nothing here will show what came of the write.</p>
              )}
            </div>
          </AlertDialog.Description>
          <p className="register-words">
            <span>
              Old <span className="mono">{before === null ? missing : hexWord(before)}</span>
            </span>
            <label>
              New{' '}
              <input
                className="mono"
                aria-label="New value"
                aria-invalid={value === null}
                value={text}
                placeholder="0x00000000"
                onChange={(event) => setText(event.target.value)}
              />
            </label>
            {value === null && <span className="invalid">A number of 32 bits, such as 0x1f or 31.</span>}
          </p>
          {value !== null && description.fields.length > 0 && (
            <div className="register-fields">
              <table>
                <thead>
                  <tr>
                    <th>Field</th>
                    <th>Bits</th>
                    <th className="number">Old</th>
                    <th>New</th>
                    <th>Meaning</th>
                  </tr>
                </thead>
                <tbody>
                  {fieldsOf(description, value).map((field) => (
                    <FieldEditor
                      key={field.name}
                      field={field}
                      before={old.find(({ name }) => name === field.name)}
                      onChange={(part) => setText(`0x${withField(value, field, part).toString(16).padStart(8, '0')}`)}
                    />
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {refusal && (
            <p className="invalid" role="alert">
              {refusal.message} {refusal.remedy ?? ''}
            </p>
          )}
          <div className="actions">
            <AlertDialog.Cancel asChild>
              <button type="button">Leave it</button>
            </AlertDialog.Cancel>
            <button type="button" className="primary" disabled={value === null || isBusy} onClick={() => void write()}>
              {isBusy ? 'Writing…' : value === null ? 'Write' : `Write ${hexWord(value)}`}
            </button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
