/** How a target's custom property holds its values. */
export interface HeldProperty {
  /** The target's own word: one of ours, or any other (`email`, `sqlQuery` …), which then takes texts. */
  readonly type: string;
  /** The words of an `enum`. */
  readonly values?: readonly string[];
  readonly multiSelect?: boolean;
}

/**
 * A source's value in the form that the property at the target takes. It may be of another type there: an older server
 * has no enums, and somebody may have defined the property before.
 *
 * @returns undefined where the property cannot hold the value
 */
export function fitValue(value: unknown, property: HeldProperty): unknown {
  switch (property.type) {
    case 'integer':
    case 'timestamp':
      return fitNumber(value, Number.isSafeInteger);
    case 'number':
      return fitNumber(value, Number.isFinite);
    case 'enum': {
      const words = (Array.isArray(value) ? value : [value]).map((word) => textOf(word));
      const known = property.values === undefined || words.every((word) => property.values!.includes(word));
      // A server may keep them in order; ours are, so that they compare.
      return known && (words.length === 1 || property.multiSelect) ? [...new Set(words)].sort() : undefined;
    }
    default:
      return textOf(value);
  }
}

function fitNumber(value: unknown, isFit: (number: number) => boolean): number | undefined {
  const [only, ...more] = Array.isArray(value) ? value : [value];
  const number = typeof only === 'string' && only.trim() !== '' ? Number(only) : only;
  return more.length === 0 && typeof number === 'number' && isFit(number) ? number : undefined;
}

/** Words of an enum side by side, anything else that is no text as JSON. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ');
  return JSON.stringify(value);
}
