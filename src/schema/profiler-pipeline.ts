import { defaults } from '../config/defaults.ts';
import { metricNames } from '../profiler/metric-names.ts';
import { closed, filterPattern, flag, type JsonSchema, noEffect, oneOf, open, text, typeName, whole } from './parts.ts';
import { profileSample, profileSampleConfig, profileSampleType, samplingMethodType } from './sampling.ts';

const byDefault = defaults.profiler;

/** Metrics that OpenMetadata names for its tests, beside those of profiles. */
const testMetrics = [
  'countInSet',
  'iLikeCount',
  'likeCount',
  'notLikeCount',
  'regexCount',
  'notRegexCount',
  'iLikeRatio',
  'likeRatio',
  'system',
  'cardinalityDistribution',
  'valueRank',
  'nullMissingCount',
] as const;

/** A list of metrics by OpenMetadata's names. */
export const metricList: JsonSchema = {
  type: 'array',
  items: oneOf([...metricNames, ...testMetrics], 'Name of a metric.'),
  default: [...byDefault.metrics],
  description:
    'Metrics to compute; all of them when the list is empty. Those of OpenMetadata’s tests are accepted and not computed.',
};

/** Filters that pipelines over tables have in common. */
export const tableFilters = {
  classificationFilterPattern: closed(
    'Which tables by their tags, tiers and terms (names such as Tier.Tier1). Regular expressions, matched from the start without regard to case.',
    {
      includes: { type: 'array', items: { type: 'string' }, description: 'Only tables with a label that matches one.' },
      excludes: {
        type: 'array',
        items: { type: 'string' },
        description: 'No tables with a label that matches one; wins over includes.',
      },
    },
  ),
  databaseFilterPattern: filterPattern('databases'),
  schemaFilterPattern: filterPattern('schemas'),
  tableFilterPattern: filterPattern('tables'),
  useFqnForFiltering: flag(
    'Filter patterns match the dotted path from the service on instead of the bare name.',
    byDefault.useFqnForFiltering,
  ),
} as const;

const processingEngine: JsonSchema = {
  description: `Where OpenMetadata’s own profiler computes. ${noEffect}`,
  default: { type: 'Native' },
  type: 'object',
  additionalProperties: false,
  required: ['type'],
  properties: {
    type: oneOf(['Native', 'Spark'], 'Native: the database itself.'),
    remote: text(`Address of Spark Connect. ${noEffect}`),
    config: open(noEffect),
  },
};

/** `source.sourceConfig.config` of OpenMetadata's Profiler pipeline, 1.0 to 1.13. */
export const profilerPipeline = closed(
  'Which tables are profiled, and how.',
  {
    type: typeName('Profiler', 'Kind of the pipeline, in any case.'),
    processingEngine,
    ...tableFilters,
    includeViews: flag('Profile views too.', byDefault.includeViews),
    computeTableMetrics: flag('Row count, size and the like.', byDefault.computeTableMetrics),
    computeColumnMetrics: flag('Metrics of columns.', byDefault.computeColumnMetrics),
    computeMetrics: flag('A key of OpenMetadata 1.2 to 1.5: false computes no metrics, only sample rows.'),
    useStatistics: flag(
      'Take what the source’s own statistics can say from there, and compute the rest.',
      byDefault.useStatistics,
    ),
    profileSample,
    profileSampleType,
    samplingMethodType,
    profileSampleConfig,
    randomizedSample: flag('Rows of a sample in random order.', byDefault.randomizedSample),
    threadCount: {
      type: ['integer', 'null'],
      minimum: 1,
      default: byDefault.threadCount,
      description: 'Tables at once.',
    },
    timeoutSeconds: whole(
      'Seconds after which the run ends; what was profiled by then stays.',
      1,
      byDefault.timeoutSeconds,
    ),
    metrics: metricList,
    generateSampleData: flag('A key of OpenMetadata before 1.6: store sample rows too.', byDefault.generateSampleData),
    sampleDataCount: whole('Sample rows of a table.', 1, byDefault.sampleDataCount),
    processPiiSensitive: flag(
      'A key of OpenMetadata before 1.6: propose tags for columns with personal data.',
      byDefault.processPiiSensitive,
    ),
    confidence: {
      type: 'number',
      minimum: 0,
      maximum: 100,
      default: byDefault.confidence,
      description: 'How sure a proposal must be, in percent; with processPiiSensitive.',
    },
  },
  ['type'],
);
