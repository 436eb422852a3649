// The window's own model, found from the page: nothing in the application hands it out, so React's tree is asked for what was given to its top.
import type { JSHandle, Page } from 'playwright-core';
import type { WindowModel } from '../../../renderer/state/window-model.ts';

/** A handle to the model, for `evaluate`. */
export function windowModel(page: Page): Promise<JSHandle<WindowModel>> {
  return page.evaluateHandle(() => {
    const root = document.getElementById('root') as unknown as Record<string, unknown>;
    const key = Object.keys(root).find((name) => name.startsWith('__reactContainer$'));
    interface Fiber {
      readonly memoizedProps: { readonly value?: unknown } | null;
      readonly child: Fiber | null;
      readonly alternate: Fiber | null;
    }
    const begin = key ? (root[key] as Fiber) : null;
    for (let fiber = begin?.child ?? begin?.alternate?.child ?? null; fiber; fiber = fiber.child) {
      const value = fiber.memoizedProps?.value;
      if (typeof value === 'object' && value !== null && 'log' in value && 'session' in value) return value as WindowModel;
    }
    throw new Error('The page has no model: its first element is another than main.tsx renders.');
  });
}
