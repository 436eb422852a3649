// xterm's colours, from the window's tokens.
import type { ITheme } from '@xterm/xterm';

const hues = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

/** The theme as the tokens of the document stand now. */
export function terminalTheme(): ITheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const ansi = Object.fromEntries(
    hues.flatMap((hue) => [
      [hue, token(`terminal-${hue}`)],
      [`bright${hue.charAt(0).toUpperCase()}${hue.slice(1)}`, token(`terminal-bright-${hue}`)],
    ]),
  );
  return {
    ...ansi,
    background: token('surface'),
    foreground: token('text'),
    cursor: token('text'),
    cursorAccent: token('surface'),
    selectionBackground: token('terminal-selection'),
    selectionInactiveBackground: token('surface-raised'),
  };
}

/** How found text is marked. */
export function findMarks() {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    matchBackground: token('surface-raised'),
    matchBorder: token('free'),
    matchOverviewRuler: token('free'),
    activeMatchBackground: token('terminal-selection'),
    activeMatchBorder: token('focus'),
    activeMatchColorOverviewRuler: token('focus'),
  };
}
