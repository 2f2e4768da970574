import type { PlainColumn } from './plain-sql.testing.ts';

export interface KnownTable {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly PlainColumn[];
  readonly sql: string;
}

type Column = readonly [name: string, kind: PlainColumn['kind'], sql: string];

/** Numbers without a visible order, the same in each run: of a row g, from 0 on. */
const mixed = (below: number, salt = 0): string => `(abs(hashint8extended(g::bigint, ${salt})) % ${below})`;

/** Ten kinds of tables; `g` counts the rows. */
const kinds: Readonly<Record<string, readonly Column[]>> = {
  integers: [
    ['id', 'number', 'g::int'],
    ['small', 'number', `${mixed(7)}::smallint`],
    ['negative', 'number', `(${mixed(2001)} - 1000)::int`],
    ['big', 'number', `9007199254740000 + ${mixed(4000, 1)}::bigint`],
    ['some_null', 'number', `CASE WHEN g % 3 <> 0 THEN ${mixed(50, 2)}::int END`],
  ],
  decimals: [
    ['price', 'number', `(${mixed(1_000_000)} / 100.0)::numeric(12,2)`],
    ['tiny', 'number', `(${mixed(1000, 3)} / 1000000000.0)::numeric(20,15)`],
    ['long', 'number', `(12345678901234567890123456789 + ${mixed(900, 4)})::numeric(40,5)`],
    ['huge', 'number', `('1' || repeat('0', 99))::numeric + ${mixed(100, 5)}`],
    ['around_zero', 'number', `(${mixed(2000, 6)} - 1000)::numeric / 7`],
  ],
  floats: [
    ['double', 'number', `sin(g)::float8 * 1000`],
    ['single', 'number', `(${mixed(10_000)} / 8.0)::real`],
    ['with_nan', 'number', `CASE WHEN g % 5 = 0 THEN 'NaN'::float8 ELSE g / 3.0 END`],
    [
      'with_infinity',
      'number',
      `CASE WHEN g % 4 = 0 THEN '-Infinity'::float8 WHEN g % 4 = 1 THEN 'Infinity'::float8 ELSE g END`,
    ],
    ['signed_zero', 'number', `CASE WHEN g % 2 = 0 THEN '-0'::float8 ELSE '0'::float8 END`],
    ['numeric_nan', 'number', `CASE WHEN g % 6 = 0 THEN 'NaN'::numeric ELSE g::numeric END`],
  ],
  texts: [
    ['word', 'text', `substr(md5(${mixed(300)}::text), 1, (g % 12)::int)`],
    ['languages', 'text', `repeat('żółć 日本 😀 ', (g % 4)::int)`],
    ['padded', 'text', `(g % 20)::text::char(10)`],
    ['limited', 'text', `('v' || g % 30)::varchar(40)`],
    ['a_name', 'text', `('n' || g % 9)::name`],
    ['some_null', 'text', `CASE WHEN g % 2 = 0 THEN 'x' || g END`],
  ],
  times: [
    ['day', 'dateTime', `date '1999-12-31' + (${mixed(400)})::int`],
    ['at', 'dateTime', `timestamp '2024-02-29 12:00:00.25' + ${mixed(5000, 1)} * interval '1 minute'`],
    ['at_zone', 'dateTime', `timestamptz '2024-03-31 00:30:00+01' + ${mixed(3000, 2)} * interval '1 hour'`],
    ['clock', 'dateTime', `time '00:00:00' + ${mixed(1440, 3)} * interval '1 minute'`],
    [
      'ancient',
      'dateTime',
      `CASE WHEN g % 3 = 0 THEN date '0044-03-15 BC' WHEN g % 3 = 1 THEN date 'infinity' ELSE date '2000-01-01' + (g % 50)::int END`,
    ],
  ],
  flags: [
    ['yes', 'boolean', `g % 3 = 0`],
    ['maybe', 'boolean', `CASE WHEN g % 4 > 0 THEN g % 2 = 0 END`],
    ['colour', 'other', `(ARRAY['red', 'green', 'blue'])[1 + g % 3]::colour`],
    ['guid', 'other', `md5(${mixed(200)}::text)::uuid`],
    ['span', 'other', `(g % 17) * interval '1 day'`],
    ['address', 'other', `('10.0.0.' || g % 250)::inet`],
    ['money', 'other', `(g % 33)::int::money`],
  ],
  nested: [
    ['bytes', 'binary', `decode(substr(md5(${mixed(100)}::text), 1, 2 * (g % 10)::int), 'hex')`],
    ['list', 'nested', `ARRAY[g, g + 1]`],
    ['document', 'nested', `jsonb_build_object('g', g)`],
    ['text_document', 'nested', `CASE WHEN g % 2 = 0 THEN json_build_object('g', g) END`],
    ['range', 'nested', `int4range(g::int, g::int + 5)`],
    ['point', 'other_without_equality' as never, `point(g, g)`],
  ],
  nothing: [
    ['no_number', 'number', `NULL::numeric`],
    ['no_text', 'text', `NULL::text`],
    ['no_day', 'dateTime', `NULL::date`],
    ['one', 'number', `1`],
    ['empty', 'text', `''::text`],
  ],
  skewed: [
    ['long_tail', 'number', `floor(100000.0 / (1 + ${mixed(1000)}))::int`],
    ['mostly_zero', 'number', `CASE WHEN g % 50 = 0 THEN g ELSE 0 END::int`],
    ['two_ends', 'number', `CASE WHEN g % 2 = 0 THEN 1e6 ELSE 1 END::float8`],
    ['status', 'text', `(ARRAY['new', 'paid', 'paid', 'paid', 'returned'])[1 + g % 5]`],
  ],
  odd: [
    ['Mixed "Case"; --', 'number', `g::int`],
    ['select', 'text', `'s' || g % 3`],
    ['naïve columñ', 'dateTime', `date '2020-01-01' + (g % 5)::int`],
    ['rating', 'number', `(1 + g % 5)::rating`],
    ['mail', 'text', `('u' || g % 40 || '@example.org')::mail`],
  ],
};

const sizes = [0, 1, 2, 97, 1200] as const;

/** Fifty tables: ten kinds in five sizes; in the schema `known`. */
export const knownTables: readonly KnownTable[] = Object.entries(kinds).flatMap(([kind, columns]) =>
  sizes.map((rows) => ({
    name: `${kind}_${rows}`,
    rows,
    columns: columns
      .filter(([, of]) => (of as string) !== 'other_without_equality')
      .map(([name, of]) => ({ name, kind: of, ...(name === 'single' && { cast: '::float8' as const }) })),
    sql: `CREATE TABLE known."${kind}_${rows}" AS SELECT ${columns
      .map(([name, , sql]) => `${sql} AS "${name.replaceAll('"', '""')}"`)
      .join(', ')} FROM generate_series(1, ${rows}) AS g`,
  })),
);

export const knownTypes = [
  'CREATE SCHEMA known',
  `CREATE TYPE colour AS ENUM ('red', 'green', 'blue')`,
  'CREATE DOMAIN rating AS smallint CHECK (VALUE BETWEEN 1 AND 5)',
  'CREATE DOMAIN plain_mail AS varchar(80)',
  `CREATE DOMAIN mail AS plain_mail CHECK (VALUE LIKE '%@%')`,
];
