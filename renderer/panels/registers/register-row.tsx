// One row of the register list: a group, a register with its value, or one line of what is known of an open register.
import { ChevronDown, ChevronRight, Eye, EyeOff } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ReadEffect } from '#common/registers/register-description.ts';
import { bitsOf, fieldsOf, hexOffset, hexWord, maskOf, nameOf, type PlacedRegister } from '#common/registers/register-file.ts';
import { missing } from '../../ui/format.ts';
import { formatInBase } from '../../ui/number-base.ts';
import { isSentence, type RegisterRow } from './register-rows.ts';
import { shownValue, type ValueSources } from './register-value.ts';

/** A letter and a word for each read effect, so that it needs no colour. */
export const effectMarks: Record<ReadEffect, { readonly letter: string; readonly words: string }> = {
  none: { letter: '', words: 'Reading changes nothing, so it may be polled.' },
  clears: { letter: 'C', words: 'Reading clears it.' },
  semaphore: { letter: 'S', words: 'Reading takes a semaphore.' },
  protocol: { letter: 'P', words: 'Reading is part of a transaction.' },
};

// A change stays marked for this many snapshots: long enough to be seen, short enough to mean now.
const markedFor = 3;

/** What a row shows and does. */
export interface RowProps {
  readonly row: RegisterRow;
  readonly sources: ValueSources;
  readonly isWatched: boolean;
  /** The bits of a field of this register that the pointer is on. */
  readonly lit: number;
  /** Why the register cannot be written now; null when it can. */
  readonly whyNoWrite: string | null;
  readonly isSelected: boolean;
  readonly start: number;
  readonly height: number;
  onSelect(): void;
  onToggle(): void;
  onWatch(): void;
  onWrite(): void;
  onLight(mask: number): void;
  /** The instant of a change was chosen. */
  onInstant(seconds: number): void;
}

function Twist({ isOpen }: { isOpen: boolean }) {
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return <Icon size={14} aria-hidden="true" />;
}

const Cell = ({ className, title, children }: { className?: string; title?: string | undefined; children?: ReactNode }) => (
  <span role="gridcell" className={className} title={title}>
    {children}
  </span>
);

function Changed({ offset, mask, sources, onInstant }: Pick<RowProps, 'sources' | 'onInstant'> & { offset: number; mask?: number }) {
  const { tracked, seconds } = sources;
  const change = tracked?.lastChange(offset, mask, seconds);
  if (!change) return <Cell className="changed soft" title="It has not changed as long as it was looked at." />;
  const from = `${hexWord(change.before)} became ${hexWord(change.after)} at ${change.seconds.toFixed(3)} s since boot.`;
  return (
    <Cell className="changed number">
      <button
        type="button"
        className="quiet"
        tabIndex={-1}
        title={`${from} Point everything at this instant.`}
        onClick={() => onInstant(change.seconds)}
      >
        {change.seconds.toFixed(2)} s
      </button>
    </Cell>
  );
}

/** Whether the bits changed just now. */
function isMarked({ tracked, seconds }: ValueSources, offset: number, mask?: number): boolean {
  const change = tracked?.lastChange(offset, mask, seconds);
  return change !== null && change !== undefined && change.snapshotsAgo < markedFor;
}

function RegisterCells({ place, isOpen, props }: { place: PlacedRegister; isOpen: boolean; props: RowProps }) {
  const { sources, isWatched, onToggle, onWatch, onInstant } = props;
  const shown = shownValue(place, sources);
  const mark = effectMarks[place.description.read];
  const Icon = isWatched ? EyeOff : Eye;
  return (
    <>
      <Cell className="name mono" title={place.description.title}>
        <button
          type="button"
          className="quiet twist"
          tabIndex={-1}
          aria-label={`${isOpen ? 'Close' : 'Open'} ${place.name}`}
          onClick={onToggle}
        >
          <Twist isOpen={isOpen} />
        </button>
        {place.name}
        {mark.letter && (
          <abbr className="effect" title={`${mark.words} ${place.description.readNote ?? ''}`}>
            {mark.letter}
          </abbr>
        )}
      </Cell>
      <Cell className="offset mono soft">{hexOffset(place.offset)}</Cell>
      <Cell className={`value number ${shown.kind === 'read' ? '' : 'soft'}`} title={shown.title}>
        <span data-testid="register-value" data-changed={shown.kind === 'read' && isMarked(sources, place.offset)}>
          {shown.text}
        </span>
      </Cell>
      <Changed offset={place.offset} sources={sources} onInstant={onInstant} />
      <Cell className="title soft" title={place.description.title}>
        {place.description.title}
      </Cell>
      <Cell className="watch">
        <button
          type="button"
          className="quiet"
          tabIndex={-1}
          aria-pressed={isWatched}
          aria-label={`Watch ${place.name}`}
          title="Watch it below, with its values over time (W)"
          onClick={onWatch}
        >
          <Icon size={13} aria-hidden="true" />
        </button>
      </Cell>
    </>
  );
}

function noteText({ description }: PlacedRegister, about: 'read' | 'write' | 'facts'): string {
  const { read, readNote, write, elsewhere, section, access, reset } = description;
  if (about === 'write') return `Write: ${write}`;
  if (about === 'read') return `Read: ${effectMarks[read].words} ${readNote ?? ''} ${elsewhere?.words ?? ''}`.trim();
  const facts = [access, reset === null ? 'reset value not stated' : `after a reset ${hexWord(reset)}`];
  return `${facts.join(' · ')}${section === null ? '' : ` · datasheet ${section}`}`;
}

function Note({
  place,
  about,
  whyNoWrite,
  onWrite,
}: { place: PlacedRegister; about: 'read' | 'write' | 'facts' } & Pick<RowProps, 'whyNoWrite' | 'onWrite'>) {
  const text = noteText(place, about);
  return (
    <>
      <Cell className={isSentence(place, about) ? 'note sentence soft' : 'note soft'} title={text}>
        {text}
      </Cell>
      {about === 'facts' && (
        <Cell className="note-action">
          <button
            type="button"
            tabIndex={-1}
            disabled={whyNoWrite !== null}
            aria-label={`Write ${place.name}`}
            title={whyNoWrite ?? 'Write another value, after a question (Enter)'}
            onClick={onWrite}
          >
            Write…
          </button>
        </Cell>
      )}
    </>
  );
}

function Bits({ place, sources, lit }: { place: PlacedRegister; sources: ValueSources; lit: number }) {
  const { value } = shownValue(place, sources);
  const named = place.description.fields.reduce((mask, field) => (mask | maskOf(field)) >>> 0, 0);
  return (
    <Cell className="bits mono" title="Bits 31 to 0; those of no field are pale">
      {Array.from({ length: 32 }, (_, index) => {
        const bit = 31 - index;
        const state = ((lit >>> bit) & 1) === 1 ? 'lit' : ((named >>> bit) & 1) === 1 ? 'named' : 'unnamed';
        return (
          <span key={bit} data-bit={bit} data-state={state}>
            {value === null ? '·' : (value >>> bit) & 1}
          </span>
        );
      })}
    </Cell>
  );
}

function FieldCells({ row, props }: { row: Extract<RegisterRow, { kind: 'field' }>; props: RowProps }) {
  const { place, field } = row;
  const { sources, onInstant } = props;
  const { value } = shownValue(place, sources);
  const part = value === null ? undefined : fieldsOf(place.description, value).find(({ name }) => name === field.name);
  const mask = maskOf(field);
  return (
    <>
      <Cell className="name mono">
        {field.name} <span className="soft">{bitsOf(field)}</span>
      </Cell>
      <Cell className="offset" />
      <Cell className="value number" title={part ? `${field.meaning}: ${part.value}` : 'The register was not read.'}>
        <span data-testid="field-value" data-changed={isMarked(sources, place.offset, mask)}>
          {part ? formatInBase(part.value, sources.base) : missing}
        </span>
      </Cell>
      <Changed offset={place.offset} mask={mask} sources={sources} onInstant={onInstant} />
      <Cell className="title" title={field.meaning}>
        {part?.word ? <strong>{part.word}</strong> : null} <span className="soft">{field.meaning}</span>
      </Cell>
    </>
  );
}

function cellsOf(props: RowProps): ReactNode {
  const { row, sources, lit, whyNoWrite, onWrite, onToggle } = props;
  switch (row.kind) {
    case 'group':
      return (
        <Cell className="group">
          <Twist isOpen={row.isOpen} /> {row.group} <span className="soft">{row.count}</span>
        </Cell>
      );
    case 'array':
      return (
        <>
          <Cell className="name mono" title={row.description.title}>
            <button
              type="button"
              className="quiet twist"
              tabIndex={-1}
              aria-label={`${row.isOpen ? 'Close' : 'Open'} ${row.description.name}`}
              onClick={onToggle}
            >
              <Twist isOpen={row.isOpen} />
            </button>
            {nameOf(row.description)}
            {effectMarks[row.description.read].letter && (
              <abbr className="effect" title={effectMarks[row.description.read].words}>
                {effectMarks[row.description.read].letter}
              </abbr>
            )}
          </Cell>
          <Cell className="offset mono soft">{hexOffset(row.description.offset)}</Cell>
          <Cell className="value soft">
            {row.count === row.description.array?.count ? `${row.count} registers` : `${row.count} of ${row.description.array?.count}`}
          </Cell>
          <Cell className="changed" />
          <Cell className="title soft" title={row.description.title}>
            {row.description.title}
          </Cell>
        </>
      );
    case 'register':
      return <RegisterCells place={row.place} isOpen={row.isOpen} props={props} />;
    case 'note':
      return <Note place={row.place} about={row.about} whyNoWrite={whyNoWrite} onWrite={onWrite} />;
    case 'bits':
      return <Bits place={row.place} sources={sources} lit={lit} />;
    case 'field':
      return <FieldCells row={row} props={props} />;
  }
}

/** The row. */
export function Row(props: RowProps) {
  const { row, isSelected, start, height, onSelect, onToggle, onLight } = props;
  const isTwisted = row.kind === 'group' || row.kind === 'array' || row.kind === 'register';
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the rows' container moves the selection with the arrow keys and opens with Enter
    <div
      role="row"
      id={`register-row-${row.key.replaceAll(' ', '-')}`}
      aria-level={row.level}
      aria-expanded={isTwisted ? row.isOpen : undefined}
      aria-selected={isSelected}
      data-kind={row.kind}
      data-level={row.level}
      style={{ transform: `translateY(${start}px)`, height }}
      // Before the menu of a right click, which is about the chosen row.
      onPointerDown={onSelect}
      onClick={() => row.kind === 'group' && onToggle()}
      onDoubleClick={() => isTwisted && row.kind !== 'group' && onToggle()}
      onPointerEnter={() => row.kind === 'field' && onLight(maskOf(row.field))}
      onPointerLeave={() => row.kind === 'field' && onLight(0)}
    >
      {cellsOf(props)}
    </div>
  );
}
