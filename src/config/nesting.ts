const deepest = 200;

/**
 * True for a text that opens far more levels than a recipe has: the YAML parser holds each of them in memory, and a few
 * megabytes of brackets would end the process. Told before parsing, and roughly: quotes are not looked at.
 */
export function nestsTooDeeply(text: string): boolean {
  if (new RegExp(`(?:[-?:] +){${deepest}}`).test(text)) return true;
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0x5b || code === 0x7b) depth += 1;
    else if (code === 0x5d || code === 0x7d) depth = Math.max(0, depth - 1);
    if (depth > deepest) return true;
  }
  return false;
}
