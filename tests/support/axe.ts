// What axe-core finds on a page: broken rules in words, so that a failing test says which element and why.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** All rules, or those about colour alone: a theme changes nothing but colours. */
export type AxeRules = 'all' | 'colour';

/** Runs axe on what the page shows, or on what is `within` a selector; one line a broken rule and element. `where` stands before each. */
export async function axeViolations(page: Page, where: string, rules: AxeRules = 'all', within = ':root'): Promise<string[]> {
  // Evaluated by the debugger, which the page's policy does not bind: a script element it would refuse.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  const options: RunOptions = {
    resultTypes: ['violations'],
    // Style sheets of the page's own origin need not be fetched again.
    preload: false,
    ...(rules === 'colour' ? { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } } : {}),
  };
  const { violations } = await page.evaluate(
    ([context, given]) =>
      (window as unknown as { axe: { run(context: string | Document, options: object): Promise<AxeResults> } }).axe.run(
        context === ':root' ? document : context,
        given,
      ),
    [within, options] as const,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html, failureSummary }) => {
      const why = (failureSummary ?? '').replaceAll(/\s+/g, ' ');
      return `${where}: ${id} at ${target.join(' ')}: ${why} ${html.slice(0, 160)}`;
    }),
  );
}
