import { type SqlToken, sqlTokens } from './sql-tokens.ts';

/**
 * What Trino's SQL has and PostgreSQL's has not, made in PostgreSQL so that a query of Trino runs there as it is written. A hash
 * is another one here.
 */
export const trinoFunctions = `
CREATE DOMAIN "double" AS double precision;

CREATE FUNCTION is_nan(double precision) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 = 'NaN' $$;
CREATE FUNCTION to_utf8(varchar) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT convert_to($1, 'UTF8') $$;
CREATE FUNCTION xxhash64(bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT substr(sha256($1), 1, 8) $$;
CREATE FUNCTION from_big_endian_64(bytea) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  $$ SELECT ('x' || encode($1, 'hex'))::bit(64)::bigint $$;
CREATE FUNCTION bitwise_and(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT $1 & $2 $$;

CREATE FUNCTION to_hex(bytea) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$ SELECT upper(encode($1, 'hex')) $$;
CREATE FUNCTION json_format(json) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$ SELECT $1::varchar $$;

CREATE FUNCTION to_iso8601(date) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$ SELECT to_char($1, 'YYYY-MM-DD') $$;
CREATE FUNCTION to_iso8601(timestamp) RETURNS varchar LANGUAGE sql IMMUTABLE AS
  $$ SELECT to_char($1, 'YYYY-MM-DD"T"HH24:MI:SS.US') $$;
CREATE FUNCTION to_iso8601(timestamptz) RETURNS varchar LANGUAGE sql STABLE AS
  $$ SELECT to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;
`;

/** Aggregates that are sketches in Trino, and exact here. */
const sketches: Readonly<Record<string, (parts: readonly string[]) => string>> = {
  approx_distinct: ([value]) => `count(DISTINCT ${value})`,
  approx_percentile: ([value, points]) =>
    `percentile_disc((${points})::float8[]) WITHIN GROUP (ORDER BY (${value})::float8)`,
};

/** Puts what PostgreSQL has in the place of sketches. */
export function withoutSketches(tokens: readonly SqlToken[]): SqlToken[] {
  const found: SqlToken[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]!;
    const sketch = token.kind === 'word' && Object.hasOwn(sketches, token.value) ? sketches[token.value] : undefined;
    if (!sketch || tokens[at + 1]?.raw !== '(') {
      found.push(token);
      continue;
    }
    const { parts, end } = partsWithin(tokens, at + 2);
    found.push(...sqlTokens(sketch(parts)));
    at = end;
  }
  return found;
}

/** What stands between commas up to the bracket that closes. */
function partsWithin(tokens: readonly SqlToken[], from: number): { readonly parts: string[]; readonly end: number } {
  const parts = [''];
  let open = 0;
  for (let at = from; at < tokens.length; at += 1) {
    const { raw } = tokens[at]!;
    if (raw === ')' && open === 0) return { parts, end: at };
    if (raw === '(' || raw === '[') open += 1;
    if (raw === ')' || raw === ']') open -= 1;
    if (raw === ',' && open === 0) parts.push('');
    else parts[parts.length - 1] += raw;
  }
  return { parts, end: tokens.length };
}
