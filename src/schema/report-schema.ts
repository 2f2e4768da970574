import type { JsonSchema } from './parts.ts';

const count: JsonSchema = { type: 'integer', minimum: 0 };
const word: JsonSchema = { type: 'string' };
const time: JsonSchema = { type: 'string', format: 'date-time' };

const counts: JsonSchema = { type: 'object', additionalProperties: count };

/** An object that a later release may add keys to: readers must not mind unknown ones. */
const record = (
  description: string,
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema => ({
  type: 'object',
  description,
  required: Object.keys(properties).filter((key) => !optional.includes(key)),
  properties,
});

const list = (items: JsonSchema, description: string): JsonSchema => ({ type: 'array', items, description });
const described = (schema: JsonSchema, description: string): JsonSchema => ({ ...schema, description });

const entityTypes = [
  'metadataService',
  'classification',
  'tag',
  'glossary',
  'glossaryTerm',
  'termRelation',
  'customProperty',
  'databaseService',
  'database',
  'databaseSchema',
  'table',
  'messagingService',
  'topic',
  'storageService',
  'container',
  'mlmodelService',
  'mlmodel',
  'pipelineService',
  'pipeline',
  'lineage',
  'pipelineRun',
  'tableProfile',
  'sampleData',
  'tagSuggestion',
];

const stage = record('Counts of one kind of entity.', {
  read: described(count, 'Records that the source yielded.'),
  filtered: described(count, 'Kept out by the recipe’s filters, or dropped by its own module.'),
  created: count,
  updated: count,
  restored: described(count, 'Soft-deleted at the target, alive again.'),
  unchanged: count,
  kept: described(count, 'Only differ by what people did in OpenMetadata.'),
  deleted: described(count, 'Softly, behind every guard.'),
  gone: described(count, 'No longer at the source; listed only.'),
  skipped: described(count, 'Have no place in the target.'),
  failed: count,
  requests: described(count, 'Requests to source and target while the stage ran.'),
  seconds: { type: 'number', minimum: 0, description: 'Seconds from the stage’s first record to its last write.' },
});

const failure = record('One failure; the run went on.', {
  stage: { enum: [...entityTypes, 'source', 'processor'] },
  name: described(word, 'FQN, type name or qualified name of what failed.'),
  code: described(word, 'See docs/errors.md.'),
  message: word,
});

const skippedGroup = record('Entities skipped for one reason.', {
  reason: described(word, 'Stable word.'),
  message: word,
  count,
  samples: { ...list(word, 'Some of their names.'), maxItems: 10 },
});

/** The report of a run: `--report FILE`, `ingest -o json`, and within the plan document. */
export const report = record(
  'What a run came to.',
  {
    reportVersion: described({ const: 1 }, 'Goes up when a key changes its meaning or goes away.'),
    runId: word,
    command: { enum: ['ingest', 'plan', 'undo', 'profile'] },
    undoes: described(word, 'The run that an undo reverts.'),
    pipeline: described(word, 'What the memory between runs belongs to.'),
    state: { enum: ['success', 'partialSuccess', 'failed', 'stopped'] },
    startedAt: time,
    endedAt: time,
    seconds: { type: 'number', minimum: 0 },
    source: record('Source.', { type: word, host: word, version: word, requests: count }, ['version']),
    target: record('Target.', { host: word, version: word, requests: count, writes: count }, ['version']),
    mode: { enum: ['enrich', 'create'] },
    reading: described({ enum: ['full', 'incremental'] }, 'Whether everything was read, or only what had changed.'),
    readingReason: described(word, 'Why; for people.'),
    stages: {
      type: 'object',
      description: 'Counts by kind of entity.',
      propertyNames: { enum: entityTypes },
      additionalProperties: stage,
    },
    failures: { ...list(failure, 'The first 100 failures.'), maxItems: 100 },
    failureCount: described(count, 'All failures.'),
    skipped: list(skippedGroup, 'What was skipped, by reason.'),
    partial: list(word, 'Kinds of records that were not read whole.'),
    guards: list(
      record(
        'A guard that kept something from being deleted.',
        {
          guard: { enum: ['share', 'unconfirmed'] },
          entityType: { enum: entityTypes },
          count: described(count, 'How many would have gone.'),
          message: word,
          share: { type: 'number', minimum: 0, maximum: 100, description: 'Percent that would have to be allowed.' },
        },
        ['share'],
      ),
      'Guards that somebody should look into; the run exits with 4.',
    ),
    warnings: list(word, 'For people.'),
    successPercent: { type: 'number', minimum: 0, maximum: 100 },
    deadLetters: described(word, 'Path of the dead-letter file, when something is in it.'),
  },
  ['deadLetters', 'readingReason', 'undoes'],
);

const field = record(
  'One field of a change.',
  {
    field: described(word, 'Such as `description`, `tags`, `columns.email.description`.'),
    action: { enum: ['add', 'replace', 'remove', 'keep'] },
    from: described(word, 'What the target has, shortened.'),
    to: described(word, 'What the source wants, shortened.'),
    reason: word,
  },
  ['from', 'to'],
);

const change = record(
  'What one entity of the target needs, or why it needs nothing.',
  {
    action: { enum: ['create', 'update', 'restore', 'delete', 'unchanged', 'kept', 'gone', 'skipped'] },
    entityType: { enum: entityTypes },
    fqn: described(word, 'For lineage: `from → to`.'),
    reason: word,
    fields: list(field, 'In detail.'),
    provenance: record(
      'The entity at the source.',
      { id: word, typeName: word, qualifiedName: word, modifiedAt: described(count, 'Epoch milliseconds.') },
      ['modifiedAt'],
    ),
  },
  ['provenance'],
);

/** `plan -o json`; a line of `-o jsonl` is one of its changes. */
export const plan = record('The changes that an ingest would make.', {
  planVersion: described({ const: 1 }, 'Goes up when a key changes its meaning or goes away.'),
  changes: list(change, 'In the order in which an ingest makes them.'),
  report,
});

/** `watch --report FILE`. */
export const watch = record(
  'What became of following a change feed.',
  {
    watchVersion: described({ const: 1 }, 'Goes up when a key changes its meaning or goes away.'),
    pipeline: described(word, 'What the memory between runs belongs to.'),
    startedAt: time,
    endedAt: time,
    state: described({ enum: ['stopped', 'failed'] }, 'stopped: by a signal, as it should be.'),
    messages: described(count, 'Messages taken from the feed and applied.'),
    changes: described(count, 'Changes that they told.'),
    unreadable: described(counts, 'Messages that nobody could make sense of, by reason.'),
    gaps: described(counts, 'Gaps of the feed, by reason: an incremental run took the place of what was missing.'),
    runs: record('Runs that brought the target in step.', {
      changes: described(count, 'Of just the entities that the feed named.'),
      incremental: count,
      full: count,
    }),
    retries: described(count, 'Runs that were tried again, since a server could not be reached.'),
    writes: count,
    failureCount: described(count, 'Entities that failed; refused requests are in the dead letters.'),
    deadLetters: described(word, 'Path of the dead-letter file, when something is in it.'),
  },
  ['deadLetters'],
);
