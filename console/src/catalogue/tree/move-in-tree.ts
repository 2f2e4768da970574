import type { KeyboardEvent } from 'react';

/**
 * Keys of the ARIA tree pattern: up, down, Home and End move; right opens, then goes inside; left closes, then goes out;
 * Enter and space choose; letters lead to the next line that begins with them.
 */
export function moveInTree(event: KeyboardEvent, tree: HTMLElement): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const lines = [...tree.querySelectorAll<HTMLElement>('[role="treeitem"]')];
  const here = lines.indexOf(document.activeElement as HTMLElement);
  const line = lines[here];
  if (!line) return;
  const isOpen = line.getAttribute('aria-expanded') === 'true';
  const go = (to: HTMLElement | undefined): void => to?.focus();
  const handlers: Readonly<Record<string, () => void>> = {
    ArrowDown: () => go(lines[here + 1]),
    ArrowUp: () => go(lines[here - 1]),
    Home: () => go(lines[0]),
    End: () => go(lines.at(-1)),
    Enter: () => line.click(),
    ' ': () => line.click(),
    ArrowRight: () => (isOpen ? go(firstInside(lines, here)) : arrowOf(line)?.click()),
    ArrowLeft: () => (isOpen ? arrowOf(line)?.click() : go(outside(lines, here))),
  };
  const handle = handlers[event.key];
  if (handle) {
    event.preventDefault();
    handle();
  } else if (event.key.length === 1) {
    go(nextBeginning(lines, here, event.key.toLowerCase()));
  }
}

function levelOf(line: HTMLElement | undefined): number {
  return Number(line?.getAttribute('aria-level') ?? 0);
}

/** What opens a line, where it can be opened. */
function arrowOf(line: HTMLElement): HTMLElement | undefined {
  return line.dataset['opens'] === 'true' ? (line.querySelector<HTMLElement>('[data-arrow]') ?? undefined) : undefined;
}

function firstInside(lines: readonly HTMLElement[], here: number): HTMLElement | undefined {
  const next = lines[here + 1];
  return levelOf(next) > levelOf(lines[here]) ? next : undefined;
}

function outside(lines: readonly HTMLElement[], here: number): HTMLElement | undefined {
  return lines.slice(0, here).findLast((line) => levelOf(line) < levelOf(lines[here]));
}

function nextBeginning(lines: readonly HTMLElement[], here: number, letter: string): HTMLElement | undefined {
  const round = [...lines.slice(here + 1), ...lines.slice(0, here)];
  return round.find((line) => line.textContent.trim().toLowerCase().startsWith(letter));
}
