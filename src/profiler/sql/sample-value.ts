import { numberOrText } from './column-profile.ts';
import type { SqlColumn } from './sql-dialect.ts';

/** Characters of a value that are shown in a sample; bytes of binary data are two each. */
export const longestSampleValue = 1000;

/** A value of a sample as JSON has it: the database's text of a number, of JSON and of everything else. */
export function sampleValue({ typeClass }: SqlColumn, value: unknown): unknown {
  if (value === null || value === undefined || typeof value === 'boolean') return value ?? null;
  const text = String(value);
  if (typeClass === 'number') return numberOrText(text);
  if (typeClass !== 'nested') return text;
  try {
    return JSON.parse(text, withSource as (key: string, value: unknown) => unknown) as unknown;
  } catch {
    // Shortened, or no JSON at all.
    return text;
  }
}

/** Numbers that JavaScript would round stay the text that they were. */
function withSource(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? numberOrText(context.source) : value;
}
