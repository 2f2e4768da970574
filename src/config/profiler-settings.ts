import { type MetricName, metricNames } from '../profiler/metric-names.ts';
import type { ProfileSample } from '../profiler/profiling-engine.ts';
import type { AutoClassification, Profiler, Recipe } from '../schema/generated/recipe.ts';
import type { FilterPattern } from '../workflow/processors/filter-pattern.ts';
import { defaults } from './defaults.ts';

/** A sample for tables of so many rows or more. */
export interface SampleThreshold {
  readonly rows: number;
  readonly sample: ProfileSample | undefined;
}

/** The same sample for each table, or one by its number of rows: highest threshold first. */
export type SampleRule =
  | { readonly kind: 'static'; readonly sample: ProfileSample | undefined }
  | { readonly kind: 'dynamic'; readonly thresholds: readonly SampleThreshold[] };

/** What is particular about one table, or about all tables of a schema or database. */
export interface TableRule {
  readonly sample?: ProfileSample;
  readonly sampleRows?: number;
  readonly excludeColumns?: readonly string[];
  /** Only these columns; with a list of metrics, only those. */
  readonly includeColumns?: readonly { readonly name: string; readonly metrics?: readonly string[] }[];
  /** What it asks for and we do not do, in the words of the recipe or of OpenMetadata. */
  readonly notFollowed?: readonly string[];
}

/** What a recipe that profiles says, defaults filled in. */
export interface ProfilerSettings {
  readonly type: 'Profiler' | 'AutoClassification';
  readonly classificationFilter: FilterPattern | undefined;
  readonly tableMetrics: boolean;
  readonly columnMetrics: boolean;
  readonly useStatistics: boolean;
  readonly sample: SampleRule;
  readonly randomized: boolean;
  /** Tables at once. */
  readonly threadCount: number;
  readonly timeoutMs: number;
  readonly tableTimeoutMs: number;
  readonly queryTimeoutMs: number;
  readonly metrics: ReadonlySet<MetricName>;
  /** Metrics that the recipe names and that are none of a profile. */
  readonly otherMetrics: readonly string[];
  /** Sample rows of a table that are stored; undefined: none. */
  readonly sampleRows: number | undefined;
  /** Proposals for personal data; undefined: none. */
  readonly classify: { readonly confidence: number; readonly language: string; readonly rows: number } | undefined;
  /** Engine's database → `service` or `service.database` of the target. */
  readonly services: Readonly<Record<string, string>>;
  readonly approximateAbove: number;
  /** FQNs of tags and terms whose columns' sample values never leave. */
  readonly maskedTags: readonly string[];
  /** By FQN: of tables, schemas and databases. */
  readonly rules: ReadonlyMap<string, TableRule>;
}

interface SampleKeys {
  readonly profileSample?: number | null | undefined;
  readonly profileSampleType?: 'PERCENTAGE' | 'ROWS' | null | undefined;
  readonly samplingMethodType?: 'BERNOULLI' | 'SYSTEM' | null | undefined;
}

/** Undefined for a sample of everything. */
export function sampleOf(keys: SampleKeys, randomized: boolean): ProfileSample | undefined {
  const { profileSample, profileSampleType, samplingMethodType } = keys;
  const type = profileSampleType ?? 'PERCENTAGE';
  if (profileSample == null || (type === 'PERCENTAGE' && profileSample >= 100)) return undefined;
  return { size: profileSample, type, randomized, ...(samplingMethodType && { method: samplingMethodType }) };
}

/** What DYNAMIC sampling does without thresholds of its own. */
const smartThresholds = [
  { rowCountThreshold: 100_000_000, profileSample: 1 },
  { rowCountThreshold: 10_000_000, profileSample: 5 },
  { rowCountThreshold: 1_000_000, profileSample: 20 },
] as const;

function sampleRuleOf(pipeline: Profiler, randomized: boolean): SampleRule {
  const { profileSampleConfig: chosen } = pipeline;
  if (!chosen) return { kind: 'static', sample: sampleOf(pipeline, randomized) };
  const config = chosen.config ?? {};
  if (chosen.sampleConfigType === 'STATIC') return { kind: 'static', sample: sampleOf(config, randomized) };
  const rules: readonly (SampleKeys & { readonly rowCountThreshold: number })[] =
    config.thresholds && config.thresholds.length > 0
      ? config.thresholds
      : config.smartSampling === false
        ? []
        : smartThresholds;
  const thresholds = rules.map((rule) => ({ rows: rule.rowCountThreshold, sample: sampleOf(rule, randomized) }));
  return { kind: 'dynamic', thresholds: thresholds.sort((a, b) => b.rows - a.rows) };
}

type ProcessorConfig = NonNullable<Extract<Recipe['processor'], { readonly type: 'orm-profiler' }>['config']>;
type TableConfig = NonNullable<ProcessorConfig['tableConfig']>[number];

function ruleOf(config: Omit<TableConfig, 'fullyQualifiedName'>, randomized: boolean): TableRule {
  const sample = sampleOf(config, randomized);
  const { excludeColumns, includeColumns } = config.columnConfig ?? {};
  const notFollowed = (['profileQuery', 'partitionConfig'] as const).filter((key) => config[key] !== undefined);
  return {
    ...(sample && { sample }),
    ...(config.sampleDataCount !== undefined && { sampleRows: config.sampleDataCount }),
    ...(excludeColumns && { excludeColumns }),
    ...(includeColumns && {
      includeColumns: includeColumns.map(({ columnName: name, metrics }) => ({ name, ...(metrics && { metrics }) })),
    }),
    ...(notFollowed.length > 0 && { notFollowed }),
  };
}

function rulesOf(processor: Recipe['processor'], randomized: boolean): ReadonlyMap<string, TableRule> {
  if (processor?.type !== 'orm-profiler') return new Map();
  const { databaseConfig = [], schemaConfig = [], tableConfig = [] } = processor.config ?? {};
  const configs: readonly TableConfig[] = [...databaseConfig, ...schemaConfig, ...tableConfig];
  return new Map(configs.map((each) => [each.fullyQualifiedName, ruleOf(each, randomized)]));
}

const known: ReadonlySet<string> = new Set(metricNames);

export function isMetric(name: string): name is MetricName {
  return known.has(name);
}

/** Fills the defaults of a recipe that profiles in; undefined for one that carries metadata. */
export function resolveProfiler(recipe: Recipe): ProfilerSettings | undefined {
  const pipeline = recipe.source.sourceConfig.config;
  if (pipeline.type !== 'Profiler' && pipeline.type !== 'AutoClassification') return undefined;
  const block = recipe.meridian?.profiler ?? {};
  const byDefault = defaults.profilerBlock;
  const common = {
    classificationFilter: pipeline.classificationFilterPattern,
    tableTimeoutMs: (block.tableTimeoutSeconds ?? byDefault.tableTimeoutSeconds) * 1000,
    queryTimeoutMs: (block.queryTimeoutSeconds ?? byDefault.queryTimeoutSeconds) * 1000,
    services: block.services ?? {},
    approximateAbove: block.approximateAbove ?? byDefault.approximateAbove,
    maskedTags: block.maskedTags ?? byDefault.maskedTags,
  };
  return pipeline.type === 'Profiler'
    ? { ...common, ...ofProfiler(pipeline, recipe) }
    : { ...common, ...ofAutoClassification(pipeline, recipe) };
}

type Own = Omit<
  ProfilerSettings,
  'classificationFilter' | 'tableTimeoutMs' | 'queryTimeoutMs' | 'services' | 'approximateAbove' | 'maskedTags'
>;

function ofProfiler(pipeline: Profiler, recipe: Recipe): Own {
  const byDefault = defaults.profiler;
  const randomized = pipeline.randomizedSample ?? byDefault.randomizedSample;
  const named = pipeline.metrics ?? [];
  const metrics = named.filter(isMetric);
  const computes = pipeline.computeMetrics ?? true;
  const rows = pipeline.sampleDataCount ?? byDefault.sampleDataCount;
  return {
    type: 'Profiler',
    tableMetrics: computes && (pipeline.computeTableMetrics ?? byDefault.computeTableMetrics),
    columnMetrics: computes && (pipeline.computeColumnMetrics ?? byDefault.computeColumnMetrics),
    useStatistics: pipeline.useStatistics ?? byDefault.useStatistics,
    sample: sampleRuleOf(pipeline, randomized),
    randomized,
    threadCount: pipeline.threadCount ?? byDefault.threadCount,
    timeoutMs: (pipeline.timeoutSeconds ?? byDefault.timeoutSeconds) * 1000,
    metrics: new Set(metrics.length > 0 ? metrics : metricNames),
    otherMetrics: named.filter((name) => !isMetric(name) && name !== 'system'),
    sampleRows: (pipeline.generateSampleData ?? byDefault.generateSampleData) ? rows : undefined,
    classify:
      (pipeline.processPiiSensitive ?? byDefault.processPiiSensitive)
        ? { confidence: pipeline.confidence ?? byDefault.confidence, language: 'any', rows }
        : undefined,
    rules: rulesOf(recipe.processor, randomized),
  };
}

function ofAutoClassification(pipeline: AutoClassification, recipe: Recipe): Own {
  const byDefault = defaults.autoClassification;
  const rows = pipeline.sampleDataCount ?? byDefault.sampleDataCount;
  return {
    type: 'AutoClassification',
    tableMetrics: false,
    columnMetrics: false,
    useStatistics: false,
    sample: { kind: 'static', sample: undefined },
    randomized: false,
    threadCount: defaults.profiler.threadCount,
    timeoutMs: defaults.profiler.timeoutSeconds * 1000,
    metrics: new Set(),
    otherMetrics: [],
    sampleRows: (pipeline.storeSampleData ?? byDefault.storeSampleData) ? rows : undefined,
    classify:
      (pipeline.enableAutoClassification ?? byDefault.enableAutoClassification)
        ? {
            confidence: pipeline.confidence ?? byDefault.confidence,
            language: pipeline.classificationLanguage ?? byDefault.classificationLanguage,
            rows,
          }
        : undefined,
    rules: rulesOf(recipe.processor, false),
  };
}
