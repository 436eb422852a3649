// A screen made with xterm.js; a chunk of its own, loaded when the view is first opened. It outlives the view, so that going elsewhere loses nothing.
import '@xterm/xterm/css/xterm.css';
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Terminal } from '@xterm/xterm';
import type { Screen, ScreenHooks } from '../../state/terminals.ts';
import { allowCellStyles } from './cell-styles.ts';
import { findMarks, terminalTheme } from './terminal-theme.ts';

/** Where the found text is among all that matches; both 0 when nothing does. */
export interface FindResult {
  readonly index: number;
  readonly count: number;
}

allowCellStyles();

const scrollBackLines = 10_000;
const fontSizePx = 12;

/** One terminal's pixels, keys and scroll-back. */
export class XtermScreen implements Screen {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon();
  readonly #element = document.createElement('div');
  readonly #name: string;
  readonly #hooks: ScreenHooks;
  readonly #resizes: ResizeObserver;
  readonly #themes: MutationObserver;
  /** What is typed, and what xterm answers to queries, counts only while nothing is retold. */
  #isRetelling = false;
  #isOpen = false;
  /** Asked for with Ctrl+Shift+F. */
  onFind: () => void = () => undefined;
  onFound: (result: FindResult) => void = () => undefined;

  constructor(name: string, hooks: ScreenHooks) {
    this.#name = name;
    this.#hooks = hooks;
    this.#element.className = 'terminal-screen';
    this.#terminal = new Terminal({
      allowProposedApi: true,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--number-font').trim(),
      fontSize: fontSizePx,
      lineHeight: 1.2,
      scrollback: scrollBackLines,
      cursorBlink: false,
      minimumContrastRatio: 4.5,
      theme: terminalTheme(),
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.loadAddon(this.#search);
    this.#terminal.onData((text) => {
      if (!this.#isRetelling) hooks.onInput(text);
    });
    this.#terminal.onResize(({ cols, rows }) => hooks.onResize({ columns: cols, rows }));
    this.#terminal.attachCustomKeyEventHandler((event) => this.#isForShell(event));
    this.#search.onDidChangeResults(({ resultIndex, resultCount }) => this.onFound({ index: resultIndex + 1, count: resultCount }));
    this.#resizes = new ResizeObserver(() => this.#fitToPlace());
    this.#themes = new MutationObserver(() => {
      this.#terminal.options.theme = terminalTheme();
    });
    this.#themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  }

  /** Puts the screen into a place in the page; taken out again by the returned function. */
  mount(place: HTMLElement): () => void {
    place.append(this.#element);
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#terminal.open(this.#element);
      this.#terminal.textarea?.setAttribute('aria-label', this.#name);
      this.#fitToPlace();
      // Also when it did not change: the shell may have had another size from another window.
      this.#hooks.onResize({ columns: this.#terminal.cols, rows: this.#terminal.rows });
    }
    this.#resizes.observe(this.#element);
    return () => {
      this.#resizes.disconnect();
      this.#element.remove();
    };
  }

  focus(): void {
    this.#terminal.focus();
  }

  write(bytes: Uint8Array, isRetold: boolean, shown: () => void): void {
    // Writes are shown one after the other, later: the mark has to be set between them, not now.
    if (isRetold) this.#terminal.write('', () => this.#retell(true));
    this.#terminal.write(bytes, () => {
      if (isRetold) this.#retell(false);
      shown();
    });
  }

  reset(): void {
    this.#terminal.write('\u001bc');
  }

  /** Finds text; the newest match first, since what one looks for is near the end. */
  find(text: string, direction: 'next' | 'previous', isTyping = false): void {
    const options = { decorations: findMarks(), incremental: isTyping };
    if (text === '') this.endFind();
    else if (direction === 'next') this.#search.findNext(text, options);
    else this.#search.findPrevious(text, options);
  }

  endFind(): void {
    this.#search.clearDecorations();
    this.#terminal.clearSelection();
  }

  /** Copies what is selected; without a selection nothing changes. */
  copy(): void {
    const text = this.#terminal.getSelection();
    if (text) void navigator.clipboard?.writeText(text);
  }

  dispose(): void {
    this.#resizes.disconnect();
    this.#themes.disconnect();
    this.#terminal.dispose();
    this.#element.remove();
  }

  #retell(isRetelling: boolean): void {
    this.#isRetelling = isRetelling;
  }

  #fitToPlace(): void {
    // A place without a size is one that is not shown.
    if (this.#element.clientWidth > 0 && this.#element.clientHeight > 0) this.#fit.fit();
  }

  /** Keys that are the window's: copy, paste (the browser's own), find, palette. Everything else goes to the shell. */
  #isForShell(event: KeyboardEvent): boolean {
    if (!event.ctrlKey || !event.shiftKey || event.altKey || event.metaKey) return true;
    if (!['KeyC', 'KeyV', 'KeyF', 'KeyK'].includes(event.code)) return true;
    if (event.type === 'keydown' && event.code === 'KeyC') {
      event.preventDefault();
      this.copy();
    }
    if (event.type === 'keydown' && event.code === 'KeyF') {
      event.preventDefault();
      this.onFind();
    }
    return false;
  }
}
