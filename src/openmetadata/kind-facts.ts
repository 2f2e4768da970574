import type { AssetKind } from '../model/records.ts';

/** How the parts of a kind look on the wire: columns of a table or container, fields of a schema, tasks, features. */
export type PartStyle = 'column' | 'field' | 'task' | 'feature';

/** What is special to one kind of asset on the wire. */
export interface KindFacts {
  /** Key of a create body that holds the FQN of the service, database, schema or glossary. */
  readonly parentKey?: 'service' | 'database' | 'databaseSchema' | 'glossary';
  /** Filter that lists a kind for a whole service or glossary (a prefix test, CONTRACT §1.5). */
  readonly listFilter?: 'service' | 'database' | 'glossary';
  readonly parts?: { readonly at: readonly string[]; readonly style: PartStyle };
  /** Attributes (reconcile's `attributesOf`) that came later than 1.1: the minor version of 1.x that brought each. */
  readonly since: Readonly<Record<string, number>>;
  /** What a source never knows and a PUT clears when it is left out (LIVE-1.1, CONTRACT §4.3); a dot leads into an object. */
  readonly carried: readonly string[];
  /** Lists of words, and of other terms by FQN. */
  readonly lists?: readonly string[];
  /** Fields beside owners, labels and custom properties that an answer holds only when they are asked for. */
  readonly fields: readonly string[];
  /** Minor version of 1.x that brought custom properties. */
  readonly extensionSince: number;
  /** The server refuses it without a description. */
  readonly describedAlways?: boolean;
}

/** Where an attribute stands, when not under its own name: a dot leads into an object. */
const places: Readonly<Record<string, string>> = {
  schemaText: 'messageSchema.schemaText',
  schemaType: 'messageSchema.schemaType',
  storage: 'mlStore.storage',
};

export function attributePlace(key: string): string {
  return places[key] ?? key;
}

// 1.1 servers disagree on sourceUrl (a pipeline has it as pipelineUrl in some), so it counts from 1.2 on.
const URL_SINCE = 2;

/** The kinds of assets as OpenMetadata's create bodies have them. */
export const kindFacts: Readonly<Record<AssetKind, KindFacts>> = {
  database: {
    parentKey: 'service',
    listFilter: 'service',
    since: {},
    carried: ['default', 'retentionPeriod', 'sourceUrl'],
    fields: [],
    extensionSince: 1,
  },
  databaseSchema: {
    parentKey: 'database',
    listFilter: 'database',
    since: {},
    carried: ['retentionPeriod', 'sourceUrl'],
    fields: [],
    extensionSince: 1,
  },
  table: {
    parentKey: 'databaseSchema',
    listFilter: 'database',
    parts: { at: ['columns'], style: 'column' },
    since: {},
    carried: ['tablePartition', 'retentionPeriod', 'sourceUrl', 'fileFormat', 'locationPath'],
    // Later servers give the labels of columns only to who asks for the columns by name.
    fields: ['columns', 'tableConstraints'],
    extensionSince: 1,
  },
  topic: {
    parentKey: 'service',
    listFilter: 'service',
    parts: { at: ['messageSchema', 'schemaFields'], style: 'field' },
    since: {},
    carried: ['minimumInSyncReplicas', 'topicConfig', 'sourceUrl'],
    fields: ['messageSchema'],
    extensionSince: 1,
  },
  container: {
    parentKey: 'service',
    listFilter: 'service',
    parts: { at: ['dataModel', 'columns'], style: 'column' },
    since: { fullPath: 4 },
    carried: ['dataModel.isPartitioned', 'sourceUrl'],
    fields: ['dataModel'],
    extensionSince: 1,
  },
  pipeline: {
    parentKey: 'service',
    listFilter: 'service',
    parts: { at: ['tasks'], style: 'task' },
    since: { sourceUrl: URL_SINCE },
    // Whichever address a 1.1 server tells is the one that it takes.
    carried: ['concurrency', 'pipelineLocation', 'startDate', 'scheduleInterval', 'state', 'sourceUrl', 'pipelineUrl'],
    fields: ['tasks'],
    extensionSince: 1,
  },
  mlmodel: {
    parentKey: 'service',
    listFilter: 'service',
    parts: { at: ['mlFeatures'], style: 'feature' },
    since: {},
    carried: ['dashboard', 'mlStore.imageRepository', 'sourceUrl'],
    fields: ['mlFeatures', 'dashboard'],
    extensionSince: 1,
  },
  glossary: {
    since: {},
    carried: ['mutuallyExclusive', 'reviewers'],
    fields: ['reviewers'],
    extensionSince: 2,
    describedAlways: true,
  },
  glossaryTerm: {
    parentKey: 'glossary',
    listFilter: 'glossary',
    since: {},
    carried: ['mutuallyExclusive', 'reviewers', 'style', 'conceptMappings'],
    lists: ['synonyms', 'relatedTerms'],
    fields: ['relatedTerms', 'reviewers'],
    extensionSince: 2,
    describedAlways: true,
  },
};
