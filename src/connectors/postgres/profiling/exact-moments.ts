/** Sum, mean and deviation (of the population) of some numbers. */
export interface ExactMoments {
  /** As text where a number has not room for all digits. */
  readonly sum: string | number;
  readonly mean: number;
  readonly stddev: number;
}

/** Decimal numbers as whole ones: each value times ten to the power of `scale`. */
export interface ScaledNumbers {
  readonly values: readonly bigint[];
  readonly scale: number;
  /** All are written with as many digits behind the point: equal ones are the same text. */
  readonly isEven: boolean;
}

/** Digits of one number beyond which squares get out of a double's range. */
const mostDigits = 120;

/** @returns undefined where some text is no decimal number of usual length (NaN, infinity, hundreds of digits) */
export function scaledOf(texts: readonly string[]): ScaledNumbers | undefined {
  let scale = 0;
  let isEven = true;
  for (const [at, text] of texts.entries()) {
    if (text.length > mostDigits || !/^-?\d+(\.\d+)?$/.test(text)) return undefined;
    const point = text.indexOf('.');
    const digits = point < 0 ? 0 : text.length - point - 1;
    isEven &&= at === 0 || digits === scale;
    scale = Math.max(scale, digits);
  }
  const values = texts.map((text) => {
    const point = text.indexOf('.');
    const digits = point < 0 ? text : text.slice(0, point) + text.slice(point + 1);
    const missing = scale - (point < 0 ? 0 : text.length - point - 1);
    return BigInt(missing === 0 ? digits : digits.padEnd(digits.length + missing, '0'));
  });
  return { values, scale, isEven };
}

/** Without any loss until the last step. @returns undefined where there are none, or a double has no room */
export function exactMoments({ values, scale }: Pick<ScaledNumbers, 'values' | 'scale'>): ExactMoments | undefined {
  if (values.length === 0) return undefined;
  let sum = 0n;
  let squares = 0n;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const count = BigInt(values.length);
  // The variance times the square of the count.
  const spread = Number(count * squares - sum * sum);
  if (!Number.isFinite(spread)) return undefined;
  const text = decimalOf(sum, scale);
  return {
    sum: text,
    mean: Number(text) / values.length,
    stddev: Math.sqrt(spread) / values.length / 10 ** scale,
  };
}

function decimalOf(value: bigint, scale: number): string {
  if (scale === 0) return String(value);
  const sign = value < 0n ? '-' : '';
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/**
 * Of doubles. NaN and infinity come through, as in PostgreSQL.
 *
 * @returns undefined where there are none, or finite numbers get out of a double’s range, which PostgreSQL refuses
 */
export function momentsOf(values: Float64Array): ExactMoments | undefined {
  if (values.length === 0) return undefined;
  let sum = 0;
  let allFinite = true;
  for (const value of values) {
    sum += value;
    allFinite &&= Number.isFinite(value);
  }
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  const stddev = Math.sqrt(squares / values.length);
  if (allFinite && !Number.isFinite(stddev)) return undefined;
  return { sum, mean, stddev };
}
