// What a designer would not sign, measured on the page: controls that are cut off or cover each other, words that end without a sign, a page that scrolls sideways.
import type { Page } from 'playwright-core';

/** Looks at what is in sight within `selector` and says what is wrong, a line each. */
export function layoutFaults(page: Page, selector = 'body', mayNotScrollSideways = false): Promise<string[]> {
  return page.evaluate(
    ([place, mayNotScroll]) => {
      const faults: string[] = [];
      const slack = 1;
      const { clientWidth, scrollWidth, clientHeight, scrollHeight } = document.documentElement;
      if (scrollWidth > clientWidth) faults.push(`the page is ${scrollWidth} px wide in a window of ${clientWidth} px`);
      if (scrollHeight > clientHeight) faults.push(`the page is ${scrollHeight} px high in a window of ${clientHeight} px`);
      const root = document.querySelector(place);
      if (!root) return [`there is no ${place}`];
      const named = (element: Element) => {
        const words = element.getAttribute('aria-label') ?? element.textContent ?? '';
        const panel = element.closest<HTMLElement>('[data-panel]')?.dataset.panel ?? 'window';
        return `${panel}: ${element.tagName.toLowerCase()}.${element.className || '-'} “${words.trim().slice(0, 40)}”`;
      };
      const isInSight = (element: Element) => {
        const { width, height } = element.getBoundingClientRect();
        return width > slack && height > slack && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
      };
      const clips = (style: CSSStyleDeclaration, axis: 'X' | 'Y') => style[`overflow${axis}`] !== 'visible';
      const scrolls = (style: CSSStyleDeclaration, axis: 'X' | 'Y') => ['auto', 'scroll'].includes(style[`overflow${axis}`]);
      /** What is left of an element after all that clip it; with who cut its sides without a way to scroll there. */
      const shownOf = (element: Element) => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        const box = { left, right, top, bottom, cutBy: null as Element | null };
        let canScrollX = false;
        let canScrollY = false;
        for (let above = element.parentElement; above; above = above.parentElement) {
          const style = getComputedStyle(above);
          const frame = above.getBoundingClientRect();
          canScrollX ||= scrolls(style, 'X') && above.scrollWidth > above.clientWidth;
          canScrollY ||= scrolls(style, 'Y') && above.scrollHeight > above.clientHeight;
          if (clips(style, 'X')) {
            if (!canScrollX && (box.left < frame.left - slack || box.right > frame.right + slack)) box.cutBy ??= above;
            box.left = Math.max(box.left, frame.left);
            box.right = Math.min(box.right, frame.right);
          }
          if (clips(style, 'Y')) {
            if (!canScrollY && (box.top < frame.top - slack || box.bottom > frame.bottom + slack)) box.cutBy ??= above;
            box.top = Math.max(box.top, frame.top);
            box.bottom = Math.min(box.bottom, frame.bottom);
          }
          if (above === document.body) break;
        }
        return box;
      };
      // A panel may be scrolled down, but what lies aside is not looked for; bytes and code may be as long as they are.
      for (const element of [root, ...root.querySelectorAll('*')]) {
        if (!scrolls(getComputedStyle(element), 'X') || !isInSight(element) || element.closest('pre, .xterm, .dv-tabs-container')) continue;
        const { scrollWidth: wide, clientWidth: room } = element;
        if (wide > room + slack && mayNotScroll) faults.push(`scrolls sideways: ${named(element)}, ${wide} px in ${room} px`);
      }
      const controls = [...root.querySelectorAll('button, select, input, textarea, summary, [role="tab"], [role="slider"]')].filter(
        (element) => isInSight(element) && !element.closest('.visually-hidden'),
      );
      const shown: { readonly element: Element; readonly box: ReturnType<typeof shownOf> }[] = [];
      for (const element of controls) {
        const box = shownOf(element);
        if (box.cutBy) faults.push(`cut off: ${named(element)} by ${named(box.cutBy)}`);
        if (box.right - box.left > slack && box.bottom - box.top > slack) shown.push({ element, box });
      }
      for (const [at, { element, box }] of shown.entries())
        for (const other of shown.slice(at + 1)) {
          if (element.contains(other.element) || other.element.contains(element)) continue;
          const width = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
          const height = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
          if (width > slack && height > slack) faults.push(`overlap: ${named(element)} and ${named(other.element)}`);
        }
      // A control that something else covers takes no click.
      for (const { element, box } of shown) {
        const hit = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
        if (hit && !element.contains(hit) && !hit.contains(element)) faults.push(`covered: ${named(element)} by ${named(hit)}`);
      }
      // Words that are cut must say so, or show the rest on request.
      for (const element of root.querySelectorAll('*')) {
        const hasWords = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
        if (!hasWords || !isInSight(element) || element.closest('.visually-hidden, .xterm, [aria-hidden="true"], option')) continue;
        const style = getComputedStyle(element);
        if (style.clipPath !== 'none' || !clips(style, 'X') || scrolls(style, 'X')) continue;
        if (element.scrollWidth > element.clientWidth + slack && style.textOverflow !== 'ellipsis')
          faults.push(`words cut: ${named(element)}`);
      }
      return [...new Set(faults)];
    },
    [selector, mayNotScrollSideways] as const,
  );
}

/** Brings each control within `selector` into sight, as a person would by scrolling, and names those that cannot be brought there whole. */
export function unreachableControls(page: Page, selector: string): Promise<string[]> {
  return page.evaluate((place) => {
    const root = document.querySelector(place);
    if (!root) return [`there is no ${place}`];
    const faults: string[] = [];
    for (const control of root.querySelectorAll<HTMLElement>('button, select, input:not([type="file"]), textarea, summary')) {
      // A terminal types into a field that is out of sight by intent.
      if (!control.checkVisibility() || control.closest('.visually-hidden, .xterm')) continue;
      control.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
      const { left, right, top, bottom } = control.getBoundingClientRect();
      const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      const isWhole = left >= -1 && right <= innerWidth + 1 && top >= -1 && bottom <= innerHeight + 1;
      if (!isWhole || !hit || !(control.contains(hit) || hit.contains(control)))
        faults.push(`${control.getAttribute('aria-label') ?? control.textContent?.trim()} at ${Math.round(left)}–${Math.round(right)} px`);
    }
    return faults;
  }, selector);
}
