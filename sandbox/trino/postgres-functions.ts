/**
 * What Trino's SQL has and PostgreSQL's has not, made in PostgreSQL so that a query of Trino runs there as it is written. Sketches
 * (`approx_distinct`, `approx_percentile`) give exact values here, and a hash is another one.
 */
export const trinoFunctions = `
CREATE DOMAIN "double" AS double precision;

CREATE FUNCTION is_nan(double precision) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 = 'NaN' $$;
CREATE FUNCTION to_utf8(varchar) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT convert_to($1, 'UTF8') $$;
CREATE FUNCTION xxhash64(bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT substr(sha256($1), 1, 8) $$;
CREATE FUNCTION from_big_endian_64(bytea) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  $$ SELECT ('x' || encode($1, 'hex'))::bit(64)::bigint $$;
CREATE FUNCTION bitwise_and(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT $1 & $2 $$;

CREATE FUNCTION to_iso8601(date) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$ SELECT to_char($1, 'YYYY-MM-DD') $$;
CREATE FUNCTION to_iso8601(timestamp) RETURNS varchar LANGUAGE sql IMMUTABLE AS
  $$ SELECT to_char($1, 'YYYY-MM-DD"T"HH24:MI:SS.US') $$;
CREATE FUNCTION to_iso8601(timestamptz) RETURNS varchar LANGUAGE sql STABLE AS
  $$ SELECT to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

CREATE FUNCTION distinct_of(anycompatiblearray) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  $$ SELECT count(DISTINCT value) FROM unnest($1) AS value $$;
CREATE AGGREGATE approx_distinct(anycompatible) (
  SFUNC = array_append, STYPE = anycompatiblearray, INITCOND = '{}', FINALFUNC = distinct_of
);

CREATE TYPE percentile_state AS (points double precision[], seen double precision[]);
CREATE FUNCTION percentile_step(state percentile_state, value double precision, points numeric[])
RETURNS percentile_state LANGUAGE sql IMMUTABLE AS $$
  SELECT ROW(points::double precision[], CASE WHEN value IS NULL THEN state.seen ELSE state.seen || value END)::percentile_state
$$;
CREATE FUNCTION percentile_end(state percentile_state) RETURNS double precision[] LANGUAGE sql IMMUTABLE AS $$
  SELECT percentile_disc(state.points) WITHIN GROUP (ORDER BY value) FROM unnest(state.seen) AS value
$$;
CREATE AGGREGATE approx_percentile(double precision, numeric[]) (
  SFUNC = percentile_step, STYPE = percentile_state, INITCOND = '(,{})', FINALFUNC = percentile_end
);
`;
