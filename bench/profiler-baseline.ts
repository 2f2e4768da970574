/** A column of the tables that are profiled. */
export interface BenchColumn {
  readonly name: string;
  readonly kind: 'number' | 'text' | 'dateTime' | 'other';
  /** Of the row `g`, from 1 on. */
  readonly sql: string;
  /** Its hash function, where there is one for its type. */
  readonly hash?: string;
}

/** Twenty columns as warehouses have them: keys, categories, amounts, texts, times, flags. */
const templates: readonly BenchColumn[] = [
  { name: 'id', kind: 'number', sql: 'g', hash: 'hashint4extended' },
  { name: 'category', kind: 'number', sql: '(g::bigint * 7919) % 1000', hash: 'hashint8extended' },
  { name: 'grade', kind: 'number', sql: '(g % 7)::smallint' },
  { name: 'serial', kind: 'number', sql: 'g::bigint * 1000003', hash: 'hashint8extended' },
  { name: 'customer', kind: 'number', sql: '(random() * 100000)::int', hash: 'hashint4extended' },
  { name: 'score', kind: 'number', sql: 'random()', hash: 'hashfloat8extended' },
  { name: 'ratio', kind: 'number', sql: '(random() * 1000)::real', hash: 'hashfloat4extended' },
  {
    name: 'amount',
    kind: 'number',
    sql: 'round((random() * 1000000)::numeric, 2)::numeric(12,2)',
    hash: 'hash_numeric_extended',
  },
  { name: 'units', kind: 'number', sql: '(g % 50000)::numeric(10,0)', hash: 'hash_numeric_extended' },
  { name: 'rebate', kind: 'number', sql: 'CASE WHEN g % 10 = 0 THEN NULL ELSE g % 5000 END' },
  { name: 'hash', kind: 'text', sql: 'md5(g::text)', hash: 'hashtextextended' },
  { name: 'name', kind: 'text', sql: `'name ' || (g % 2000)` },
  { name: 'note', kind: 'text', sql: `repeat('x', g % 40)` },
  { name: 'code', kind: 'text', sql: 'substr(md5((g % 300000)::text), 1, 12)', hash: 'hashtextextended' },
  { name: 'day', kind: 'dateTime', sql: `date '2000-01-01' + g % 9000` },
  {
    name: 'changed',
    kind: 'dateTime',
    sql: `timestamp '2020-01-01' + g * interval '1 second'`,
    hash: 'timestamp_hash_extended',
  },
  { name: 'created', kind: 'dateTime', sql: `timestamptz '2020-01-01 00:00Z' + (g % 100000) * interval '1 minute'` },
  { name: 'active', kind: 'other', sql: 'g % 3 = 0' },
  { name: 'checked', kind: 'other', sql: 'CASE WHEN g % 4 = 0 THEN NULL ELSE g % 2 = 0 END' },
  { name: 'guid', kind: 'other', sql: 'gen_random_uuid()', hash: 'uuid_hash_extended' },
];

export function benchColumns(count: number): readonly BenchColumn[] {
  return Array.from({ length: count }, (_, at) => {
    const template = templates[at % templates.length]!;
    return at < templates.length
      ? template
      : { ...template, name: `${template.name}_${Math.floor(at / templates.length)}` };
  });
}

export function createTable(name: string, columns: readonly BenchColumn[], rows: number): string {
  const list = columns.map((column) => `${column.sql} AS "${column.name}"`).join(', ');
  return `CREATE UNLOGGED TABLE ${name} AS SELECT ${list} FROM generate_series(1, ${rows}) AS g`;
}

/**
 * What a person would write to have all of the metrics of these columns by one query: plain aggregates, a group by for distinct
 * and unique values, bins from the aggregates. Of the forms that were tried, the fastest one.
 *
 * @param bits values whose hash ends in so many zero bits are counted, for columns that have a hash function; 0: all of them
 */
export function handWrittenQuery(table: string, columns: readonly BenchColumn[], bits: number): string {
  const aggregates = columns.flatMap(({ name, kind }, at) => {
    const value = kind === 'text' ? `length("${name}")` : `"${name}"`;
    const double = `${value}::float8`;
    return [
      `count("${name}") AS n${at}`,
      ...(kind === 'other' ? [] : [`min(${value}) AS low${at}`, `max(${value}) AS high${at}`]),
      ...(kind === 'number' || kind === 'text'
        ? [
            `sum(${value}) AS sum${at}`,
            `avg(${value}) AS mean${at}`,
            `stddev_pop(${value}) AS dev${at}`,
            `percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY ${double}) AS q${at}`,
          ]
        : []),
    ];
  });
  const counts = columns.map(({ name, hash }, at) => {
    const isPart = bits > 0 && hash !== undefined;
    const key = isPart ? `${hash}("${name}", 0)` : `"${name}"`;
    const condition = isPart ? `${key} & ${2 ** bits - 1} = 0` : `"${name}" IS NOT NULL`;
    return `(SELECT ARRAY[count(*), count(*) FILTER (WHERE n = 1)] FROM (SELECT count(*) AS n FROM ${table} WHERE ${condition} GROUP BY ${key}) AS x) AS d${at}`;
  });
  const histograms = columns.flatMap(({ name, kind }, at) => {
    if (kind !== 'number') return [];
    const [low, high] = [`low${at}::float8`, `high${at}::float8`];
    const width = `CASE WHEN q${at}[3] > q${at}[1] THEN 2 * (q${at}[3] - q${at}[1]) * n${at}::float8 ^ (-1.0 / 3) ELSE 1 END`;
    const bins = `(SELECT CASE WHEN ceil((${high} - ${low}) / w) > 100 THEN ceil(log(2, n${at}) + 1) ELSE greatest(1, ceil((${high} - ${low}) / w)) END::int FROM (SELECT ${width} AS w) AS y)`;
    return [
      `(SELECT array_agg(ARRAY[b, n] ORDER BY b) FROM (SELECT width_bucket("${name}"::float8, ${low}, ${high} + 1e-9, ${bins}) AS b, count(*) AS n FROM ${table} GROUP BY 1) AS x) AS h${at}`,
    ];
  });
  return (
    `WITH s AS MATERIALIZED (SELECT count(*) AS total, ${aggregates.join(', ')} FROM ${table})\n` +
    `SELECT s.*, ${[...counts, ...histograms].join(',\n  ')} FROM s`
  );
}

/** The same for one column as profilers usually ask it: values, unique values, quartiles and the histogram each by a query. */
export function usualQueries(table: string, { name, kind }: BenchColumn): readonly string[] {
  const value = kind === 'text' ? `length("${name}")` : `"${name}"`;
  const isMeasured = kind === 'number' || kind === 'text';
  const aggregates = [
    `count(*), count("${name}"), count(DISTINCT "${name}")`,
    ...(kind === 'other' ? [] : [`min(${value}), max(${value})`]),
    ...(isMeasured ? [`sum(${value}), avg(${value}), stddev_pop(${value})`] : []),
  ];
  const quartiles = [0.25, 0.5, 0.75].map((part) => `percentile_cont(${part}) WITHIN GROUP (ORDER BY ${value})`);
  const number = `"${name}"::float8`;
  return [
    `SELECT ${aggregates.join(', ')} FROM ${table}`,
    `SELECT count(*) FROM (SELECT FROM ${table} WHERE "${name}" IS NOT NULL GROUP BY "${name}" HAVING count(*) = 1) AS x`,
    ...(isMeasured ? [`SELECT ${quartiles.join(', ')} FROM ${table}`] : []),
    ...(kind === 'number'
      ? [
          `SELECT width_bucket(${number}, low, high + 1e-9, 10), count(*) FROM ${table}, (SELECT min(${number}) AS low, max(${number}) AS high FROM ${table}) AS s GROUP BY 1`,
        ]
      : []),
  ];
}
