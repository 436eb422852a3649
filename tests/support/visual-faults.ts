// What is wrong with a page to the eye and needs no kept picture to be seen: cut text, things on top of each other, sideways scrolling, too little contrast.
import type { Page } from 'playwright-core';

/** Each fault in words, with the element it was found on. */
export function visualFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    type Colour = readonly [number, number, number, number];
    const faults = new Set<string>();
    const painter = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const known = new Map<string, Colour>();

    /** Any CSS colour as red, green, blue (0 to 255) and alpha (0 to 1), as the browser paints it. */
    function colourOf(text: string): Colour {
      const before = known.get(text);
      if (before || !painter) return before ?? [0, 0, 0, 0];
      painter.canvas.width = 1;
      painter.canvas.height = 1;
      painter.fillStyle = text;
      painter.fillRect(0, 0, 1, 1);
      const [r = 0, g = 0, b = 0, a = 0] = painter.getImageData(0, 0, 1, 1).data;
      const colour: Colour = [r, g, b, a / 255];
      known.set(text, colour);
      return colour;
    }

    const over = (top: Colour, below: Colour): Colour => [
      top[0] * top[3] + below[0] * (1 - top[3]),
      top[1] * top[3] + below[1] * (1 - top[3]),
      top[2] * top[3] + below[2] * (1 - top[3]),
      1,
    ];

    function backgroundOf(element: Element): Colour {
      const layers: Colour[] = [];
      for (let at: Element | null = element; at; at = at.parentElement) {
        const colour = colourOf(getComputedStyle(at).backgroundColor);
        if (colour[3] > 0) layers.push(colour);
        if (colour[3] === 1) break;
      }
      return layers.reduceRight<Colour>((below, top) => over(top, below), [255, 255, 255, 1]);
    }

    function luminance([r, g, b]: Colour): number {
      const linear = [r, g, b].map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
    }

    function contrast(one: Colour, other: Colour): number {
      const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
      return (light + 0.05) / (dark + 0.05);
    }

    /** The element in words: its place and what stands there. */
    function named(element: Element): string {
      const panel = element.closest('section[aria-label], header[aria-label], footer')?.getAttribute('aria-label') ?? 'window';
      const words = (element.textContent ?? '').trim().replaceAll(/\s+/g, ' ').slice(0, 60);
      const kind = element.classList.length > 0 ? `.${[...element.classList].join('.')}` : '';
      return `${panel}: ${element.localName}${kind} “${words || element.getAttribute('aria-label') || ''}”`;
    }

    const isHiddenToEye = (element: Element) => element.closest('.visually-hidden, [aria-hidden="true"].dv-drop-target, [hidden]') !== null;

    /** The part of an element's box that its ancestors let through. */
    function seenBox(element: Element): DOMRect | null {
      let { left, top, right, bottom } = element.getBoundingClientRect();
      for (let at = element.parentElement; at; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (style.overflowX === 'visible' && style.overflowY === 'visible' && style.clipPath === 'none') continue;
        const box = at.getBoundingClientRect();
        left = Math.max(left, box.left);
        top = Math.max(top, box.top);
        right = Math.min(right, box.right);
        bottom = Math.min(bottom, box.bottom);
      }
      right = Math.min(right, innerWidth);
      bottom = Math.min(bottom, innerHeight);
      return right - left > 1 && bottom - top > 1 ? new DOMRect(left, top, right - left, bottom - top) : null;
    }

    const ownText = (element: Element) =>
      [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '');

    /** Whether whoever cannot read all of it here can read it on hover, or hear it. */
    const tellsAll = (element: Element) => element.closest('[title], [aria-label]:not(section):not(main):not(header)') !== null;

    function checkCut(element: HTMLElement): void {
      const style = getComputedStyle(element);
      if (element instanceof HTMLSelectElement) {
        const chosen = element.selectedOptions[0]?.textContent ?? '';
        if (!painter) return;
        painter.font = style.font;
        const room = element.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight) - 16;
        if (painter.measureText(chosen).width > room + 1) faults.add(`cut: ${named(element)} shows only a part of “${chosen}”`);
        return;
      }
      if (style.display.startsWith('inline') && !style.display.includes('-')) return;
      const isWide = element.scrollWidth > element.clientWidth + 1 && (style.overflowX === 'hidden' || style.overflowX === 'clip');
      const isTall = element.scrollHeight > element.clientHeight + 2 && (style.overflowY === 'hidden' || style.overflowY === 'clip');
      if (isWide && style.textOverflow !== 'ellipsis') faults.add(`cut without an ellipsis: ${named(element)}`);
      else if (isWide && !tellsAll(element)) faults.add(`cut, and nothing tells the rest: ${named(element)}`);
      if (isTall) faults.add(`cut at the bottom: ${named(element)}`);
    }

    function checkCovered(element: Element, box: DOMRect): void {
      const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      if (!there || there === element || element.contains(there) || there.contains(element)) return;
      // What sticks while the rest scrolls below it covers by intent.
      for (let at: Element | null = there; at && !at.contains(element); at = at.parentElement) {
        const { position } = getComputedStyle(at);
        if (position === 'sticky' || position === 'fixed') return;
      }
      faults.add(`covered: ${named(element)} lies below ${named(there)}`);
    }

    function checkContrast(element: Element): void {
      if (element.closest(':disabled, [aria-disabled="true"], option, .stale')) return;
      const style = getComputedStyle(element);
      const ground = backgroundOf(element);
      const ink = over(colourOf(style.color), ground);
      const value = contrast(ink, ground);
      // A sign that a word beside it tells too is a mark.
      const least = element.closest('[aria-hidden="true"]') ? 3 : 4.5;
      if (value < least) faults.add(`contrast ${value.toFixed(2)}: ${named(element)}`);
    }

    const root = document.scrollingElement;
    if (root && root.scrollWidth > innerWidth) faults.add(`the window scrolls sideways: ${root.scrollWidth} px in ${innerWidth} px`);
    for (const section of document.querySelectorAll('.dock-panel > section')) {
      if (section.scrollWidth > section.clientWidth + 1) faults.add(`scrolls sideways: ${named(section).slice(0, 60)}`);
    }
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      if (element.closest('svg, .xterm') || isHiddenToEye(element)) continue;
      const isControl = element.matches('button, input, select, textarea, a[href]');
      if (!isControl && !ownText(element)) continue;
      const style = getComputedStyle(element);
      if (style.visibility !== 'visible' || (style.clipPath !== 'none' && style.position === 'absolute')) continue;
      const box = seenBox(element);
      if (!box) continue;
      if (ownText(element) || isControl) checkCut(element);
      // A sliver at a scrolled edge is not judged.
      const whole = element.getBoundingClientRect();
      if (box.height >= whole.height * 0.6 && box.width >= whole.width * 0.6) checkCovered(element, box);
      if (ownText(element)) checkContrast(element);
    }
    return [...faults];
  });
}
