import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface AxeFinding {
  readonly id: string;
  readonly impact: string | null;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
}

const shownNodes = 5;

/** What axe finds serious or critical on a page, each with its rule and places; empty when nothing. */
export async function findAccessibilityFaults(page: Page): Promise<string[]> {
  // By the debugger, not as a script of the page: a strict Content Security Policy stays as it is.
  if (!(await page.evaluate<boolean>('typeof axe !== "undefined"'))) await page.evaluate(axe.source);
  const findings = await page.evaluate<AxeFinding[]>(
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
  );
  return findings
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, help, nodes }) => {
      const places = nodes
        .slice(0, shownNodes)
        .map(({ target, failureSummary }) => `    ${target.join(' ')}: ${failureSummary?.replaceAll(/\s+/g, ' ')}`);
      return [`  ${id} (${impact}): ${help}, ${nodes.length} times`, ...places].join('\n');
    });
}
