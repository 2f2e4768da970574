/**
 * A copy that every JSON and msgpack reader takes, and Airflow's database with them: no half characters, no zero bytes, no
 * numbers that are none, nothing undefined; dates as text.
 */
export function plainValue(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return value.toWellFormed().replaceAll('\0', '');
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'bigint':
      return value.toString();
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return null;
      if (Array.isArray(value)) return value.map(plainValue);
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
      return Object.fromEntries(
        Object.entries(value)
          .filter(([, item]) => item !== undefined && typeof item !== 'function')
          .map(([key, item]) => [plainValue(key), plainValue(item)]),
      );
    default:
      return null;
  }
}
