// axe-core over what a page shows now. Serious and critical findings are those that keep somebody out.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const GRAVE: ReadonlySet<string> = new Set(['serious', 'critical']);

/** One line for each element that breaks a rule: `color-contrast (serious): .name …`. */
export async function findBarriers(page: Page, rules?: readonly string[]): Promise<string[]> {
  const runOnly = rules === undefined ? {} : { runOnly: { type: 'rule', values: rules } };
  const options = { resultTypes: ['violations'], ...runOnly };
  if (!(await page.evaluate('typeof axe === "object"'))) await page.evaluate(SOURCE);
  const { violations } = (await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as AxeResults;
  return violations
    .filter(({ impact }) => GRAVE.has(impact ?? ''))
    .flatMap(({ id, impact, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} (${impact}): ${target.join(' ')} — ${failureSummary}`),
    );
}
