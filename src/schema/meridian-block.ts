import { defaults } from '../config/defaults.ts';
import { closed, flag, type JsonSchema, mapOfTexts, oneOf, secret, text, texts, whole } from './parts.ts';
import { profilerBlock } from './profiler-block.ts';
import { watchBlock } from './watch-block.ts';

/** `meridian:`, all that we add to a recipe. The documented recipe works without it. */
export const meridianBlock = closed('What Meridian adds to the recipe.', {
  mode: oneOf(
    ['enrich', 'create'],
    'enrich: describe what other connectors brought in. create: also make what is missing. Unless set, the kind of the source decides: enrich for Atlas, an export of it and files, create for databases and other servers.',
  ),
  clusters: mapOfTexts('Atlas cluster → database service, or service.database.'),
  entityTypes: texts(
    'Atlas types to read beside entity_type, their subtypes included; DataSet and Process are everything.',
  ),
  services: mapOfTexts(
    'Family of Atlas types, or family@cluster, → service in OpenMetadata: hive, rdbms, hbase, impala, spark, trino, couchbase, avro, kafka, paths, s3, adls, gcs, ozone, ml, pipelines, custom.',
  ),
  types: {
    type: 'object',
    description: 'Atlas type (its subtypes included) → what it becomes; for types of your own.',
    additionalProperties: closed('What becomes of a type.', {
      as: oneOf(['table', 'container', 'topic', 'pipeline', 'skip'], 'Kind of entity in OpenMetadata.'),
      service: text('Service that holds them; that of the family “custom” unless set.'),
    }),
  },
  pipelines: flag('Make processes pipelines with tasks and runs too, beside the lineage they are.', defaults.pipelines),
  deletes: closed('What may be deleted (softly) because it is gone from the source.', {
    maxSharePercent: {
      type: 'number',
      minimum: 0,
      maximum: 100,
      default: defaults.deletes.maxSharePercent,
      description:
        'Share of the entities of a kind, in percent of what the last run knew, above which nothing of it is deleted.',
    },
  }),
  incremental: closed(
    'Runs that read only what has changed (sourceConfig.config.incremental.enabled, or --incremental).',
    {
      marginMinutes: whole(
        'Minutes before the last success that are read again; sourceConfig’s safetyMarginDays where that is set.',
        0,
        defaults.incremental.marginMinutes,
      ),
      fullEveryDays: whole(
        'Days after which a run reads everything again; only such a run sees purges. 0: never by itself.',
        0,
        defaults.incremental.fullEveryDays,
      ),
    },
  ),
  watch: watchBlock,
  profiler: profilerBlock,
  labelClassificationName: text('Classification in OpenMetadata that holds Atlas’ labels, the free words.', {
    default: defaults.labelClassificationName,
    pattern: "^[A-Za-z0-9_' &()-]{2,64}$",
  }),
  glossaries: flag('Carry glossaries, their terms and assignments.', defaults.glossaries),
  classificationName: text('Classification in OpenMetadata that holds Atlas’ classifications.', {
    default: defaults.classificationName,
    pattern: "^[A-Za-z0-9_' &()-]{2,64}$",
  }),
  concurrency: whole('Requests to OpenMetadata at once.', 1, defaults.concurrency),
  partitions: closed('How a run is cut when several processes do it together (as tasks of Airflow).', {
    max: whole('Partitions at most; never more than concurrency.', 1, defaults.partitions.max),
    minTables: whole(
      'Tables that a partition has at least: a catalogue with fewer than twice as many is one partition.',
      1,
      defaults.partitions.minTables,
    ),
  }),
  atlas: closed('How hard Atlas may be asked.', {
    requestsPerSecond: {
      type: 'number',
      exclusiveMinimum: 0,
      description: 'Requests a second at most; no limit unless set.',
    },
    concurrency: whole('Requests at once.', 1, defaults.atlas.concurrency),
    pageSize: { ...whole('Rows a search asks for.', 1, defaults.atlas.pageSize), maximum: 10_000 },
    columnsBySearchLimit: whole(
      'Up to so many columns are read by their own search; more come with their tables.',
      0,
      defaults.atlas.columnsBySearchLimit,
    ),
    timeoutSeconds: whole('Seconds until an answer must have begun.', 1, defaults.atlas.timeoutSeconds),
    retries: whole('How often a failed request is sent again.', 0, defaults.atlas.retries),
  }),
  state: closed('Where the memory between runs is.', {
    type: oneOf(
      ['sqlite', 'postgres'],
      'Kind of the store; postgres where several machines run one pipeline.',
      defaults.stateType,
    ),
    connectionString: secret('PostgreSQL: address of the database, such as postgres://user@host/db.'),
    path: text('File of the store; in $MERIDIAN_HOME unless set.'),
  }),
  deadLetters: text('File for requests that OpenMetadata refused; beside the state store unless set.'),
  ownerMapping: mapOfTexts(
    'Owner in Atlas, or a /regular expression/ → user or team in OpenMetadata ($1 is what its first group matched).',
  ),
  tagMapping: mapOfTexts('Classification in Atlas → tag in OpenMetadata (its FQN), in place of our own.'),
  descriptions: closed('What happens to descriptions.', {
    html: oneOf(
      ['safe', 'strip', 'keep'],
      'safe: take out what could run or change the page. strip: take out all HTML, its text stays. keep: as it is.',
      defaults.descriptions.html,
    ),
    stripHtml: flag('The same as html: strip.', defaults.descriptions.stripHtml),
  }),
});

/** The same for a kind of source whose recipes have this mode unless they say otherwise. */
export function meridianBlockOf(defaultMode: 'enrich' | 'create'): JsonSchema {
  const properties = meridianBlock['properties'] as Readonly<Record<string, JsonSchema>>;
  return { ...meridianBlock, properties: { ...properties, mode: { ...properties['mode'], default: defaultMode } } };
}
