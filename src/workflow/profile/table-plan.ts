import {
  isMetric,
  type ProfilerSettings,
  type SampleRule,
  sampleOf,
  type TableRule,
} from '../../config/profiler-settings.ts';
import { buildFqn } from '../../model/fqn.ts';
import type { ListedColumn, ListedTable, TableProfilerConfig } from '../../openmetadata/profiled-tables.ts';
import { type MetricName, metricNames } from '../../profiler/metric-names.ts';
import type { ProfiledTable, ProfileRequest, ProfileSample } from '../../profiler/profiling-engine.ts';
import { hasLabel } from './label-rules.ts';

/** What is asked about one table, once the recipe's words and OpenMetadata's are put together. */
export interface TablePlan {
  readonly listed: ListedTable;
  /** As the engine is told of it: by the source's names. */
  readonly table: ProfiledTable;
  readonly sample: SampleRule;
  readonly tableMetrics: boolean;
  readonly columnMetrics: boolean;
  readonly metrics: ReadonlySet<MetricName>;
  /** Of columns that have metrics of their own, by the source's name. */
  readonly metricsOf: ReadonlyMap<string, ReadonlySet<MetricName>>;
  /** Target's names of columns by those of the source. */
  readonly targetNames: ReadonlyMap<string, string>;
  /** Source's names of columns of which no value may leave. */
  readonly masked: ReadonlySet<string>;
  /** Undefined: none are stored. */
  readonly sampleRows: number | undefined;
  /** What was asked for this table and is not done. */
  readonly notFollowed: readonly string[];
}

/** @param database what the engine calls the table's database; the target's own name for it unless set */
export function planTable(listed: ListedTable, settings: ProfilerSettings, database?: string): TablePlan {
  const held = listed.config ?? {};
  const rule = ruleOf(listed, held, settings);
  const included = rule.includeColumns;
  const excluded = new Set((rule.excludeColumns ?? []).map(lower));
  const columns = listed.columns.filter(
    (column) =>
      !isNamed(column, excluded) && (!included || included.some(({ name }) => isNamed(column, [lower(name)]))),
  );
  const metricsOf = new Map(
    (included ?? []).flatMap(({ name, metrics }) => {
      const column = metrics && columns.find((each) => isNamed(each, [lower(name)]));
      return column && metrics.length > 0 ? [[column.sourceName, metricsNamed(metrics)] as const] : [];
    }),
  );
  const everything = columns.some(({ sourceName }) => !metricsOf.has(sourceName)) ? [...settings.metrics] : [];
  const [, , schema, table] = listed.sourcePath;
  return {
    listed,
    table: {
      id: listed.id,
      fqn: listed.fqn,
      path: listed.path,
      place: { database: database ?? listed.sourcePath[1]!, schema: schema!, table: table! },
      tableType: listed.tableType,
      columns: columns.map(({ sourceName, dataType, dataTypeDisplay, labels }) => ({
        name: sourceName,
        dataType,
        ...(dataTypeDisplay !== undefined && { dataTypeDisplay }),
        labels,
      })),
      labels: listed.labels,
    },
    sample: rule.sample ? { kind: 'static', sample: rule.sample } : settings.sample,
    tableMetrics: settings.tableMetrics && (held.computeTableMetrics ?? true),
    columnMetrics: settings.columnMetrics && (held.computeColumnMetrics ?? true),
    metrics: new Set([
      ...tableWide(settings.metrics),
      ...everything,
      ...[...metricsOf.values()].flatMap((each) => [...each]),
    ]),
    metricsOf,
    targetNames: new Map(columns.map(({ name, sourceName }) => [sourceName, name])),
    masked: maskedColumns(listed, settings.maskedTags),
    sampleRows: settings.sampleRows === undefined ? undefined : (rule.sampleRows ?? settings.sampleRows),
    notFollowed: rule.notFollowed ?? [],
  };
}

/** Source's names of columns that a masked tag or term stands on, in, or above. */
export function maskedColumns(
  { labels: own, columns }: ListedTable,
  maskedTags: readonly string[],
): ReadonlySet<string> {
  const whole = hasLabel(own, maskedTags);
  const masked = columns.filter(({ labels }) => whole || hasLabel(labels, maskedTags));
  return new Set(masked.map(({ sourceName }) => sourceName));
}

/** What the engine is asked. @param sample of this table */
export function requestOf(
  plan: TablePlan,
  settings: ProfilerSettings,
  sample: ProfileSample | undefined,
): ProfileRequest {
  return {
    metrics: plan.metrics,
    tableMetrics: plan.tableMetrics,
    columnMetrics: plan.columnMetrics,
    sample,
    useStatistics: settings.useStatistics,
    approximateAbove: settings.approximateAbove,
    queryTimeoutMs: settings.queryTimeoutMs,
  };
}

/** The sample of a table with so many rows. */
export function sampleFor(rule: SampleRule, rows: number | undefined): ProfileSample | undefined {
  if (rule.kind === 'static') return rule.sample;
  return rule.thresholds.find((each) => rows !== undefined && rows >= each.rows)?.sample;
}

const lower = (text: string): string => text.toLowerCase();

function isNamed({ name, sourceName }: ListedColumn, names: Iterable<string>): boolean {
  const known = new Set(names);
  return known.has(lower(name)) || known.has(lower(sourceName));
}

/** The recipe's word for the table first, then OpenMetadata's, then the recipe's for its schema and its database. */
function ruleOf(listed: ListedTable, held: TableProfilerConfig, settings: ProfilerSettings): TableRule {
  const { rules, randomized } = settings;
  const above = [2, 3].map((depth) => rules.get(buildFqn(listed.path.slice(0, depth))));
  return Object.assign({}, ...above, heldRule(held, randomized), rules.get(listed.fqn));
}

function heldRule(held: TableProfilerConfig, randomized: boolean): TableRule {
  const sample = sampleOf(held, held.randomizedSample ?? randomized);
  const notFollowed = [
    ...(held.profileQuery ? ['profileQuery'] : []),
    ...(held.partitioning?.enablePartitioning ? ['partitioning'] : []),
  ];
  return {
    // Whoever set a share for the table meant it, also where it is everything.
    ...(sample && { sample }),
    // OpenMetadata fills this one in by itself: 50 says nothing.
    ...(held.sampleDataCount != null && held.sampleDataCount !== 50 && { sampleRows: held.sampleDataCount }),
    ...(held.excludeColumns && held.excludeColumns.length > 0 && { excludeColumns: held.excludeColumns }),
    ...(held.includeColumns &&
      held.includeColumns.length > 0 && {
        includeColumns: held.includeColumns.map(({ columnName: name, metrics }) => ({
          name,
          ...(metrics && { metrics }),
        })),
      }),
    ...(notFollowed.length > 0 && { notFollowed }),
  };
}

const byLower = new Map(metricNames.map((name) => [lower(name), name]));

function metricsNamed(names: readonly string[]): ReadonlySet<MetricName> {
  return new Set(names.map((name) => byLower.get(lower(name)) ?? name).filter(isMetric));
}

const ofTables: ReadonlySet<MetricName> = new Set(['rowCount', 'columnCount', 'columnNames']);

function tableWide(metrics: ReadonlySet<MetricName>): MetricName[] {
  return [...metrics].filter((name) => ofTables.has(name));
}
