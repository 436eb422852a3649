// Finds text in what a terminal shows: as one types, then back and forth.
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { FindResult, XtermScreen } from './xterm-screen.ts';

/** The bar. `onClose` takes it away. */
export function FindBar({ screen, onClose }: { screen: XtermScreen; onClose: () => void }) {
  const [text, setText] = useState('');
  const [result, setResult] = useState<FindResult>({ index: 0, count: 0 });
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    screen.onFound = setResult;
    return () => {
      screen.onFound = () => undefined;
      screen.endFind();
      screen.focus();
    };
  }, [screen]);
  const count = text === '' ? '' : result.count === 0 ? 'not found' : `${result.index > 0 ? result.index : '–'} of ${result.count}`;
  return (
    <search className="find-bar" aria-label="Find in the terminal">
      <input
        type="search"
        ref={input}
        aria-label="Text to find"
        placeholder="find"
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          screen.find(target.value, 'previous', true);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose();
          if (event.key === 'Enter') screen.find(text, event.shiftKey ? 'next' : 'previous');
        }}
      />
      <span className="number soft count" role="status">
        {count}
      </span>
      <button
        type="button"
        className="quiet"
        aria-label="Previous match"
        title="Further up (Enter)"
        onClick={() => screen.find(text, 'previous')}
      >
        <ChevronUp size={14} aria-hidden="true" />
      </button>
      <button
        type="button"
        className="quiet"
        aria-label="Next match"
        title="Further down (Shift+Enter)"
        onClick={() => screen.find(text, 'next')}
      >
        <ChevronDown size={14} aria-hidden="true" />
      </button>
      <button type="button" className="quiet" aria-label="Close find" title="Close (Escape)" onClick={onClose}>
        <X size={14} aria-hidden="true" />
      </button>
    </search>
  );
}
