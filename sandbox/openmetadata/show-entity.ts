import { maskConnection } from './connections.ts';
import type { Actor, Context } from './context.ts';
import { type Doc, docList, textList } from './doc.ts';
import { insertLabels } from './labelled-doc.ts';
import type { LabelsByPath } from './labels.ts';
import { copyWithParts, eachPart, partsOf } from './parts.ts';
import { relatedReferences, relationKeys, shownRelations } from './relations.ts';
import { latestOf } from './series.ts';
import type { EntityLink, EntityRow } from './store.ts';

export interface ShowOptions {
  /** Properties that were asked for beyond the plain ones. */
  readonly fields: ReadonlySet<string>;
  /** False leaves out the entity's own address, as answers to deletes do. */
  readonly address: boolean;
  readonly actor: Actor;
}

/** Properties that a PATCH works on, and that answers to it and to deletes therefore show. */
export function patchFields(context: Context): ReadonlySet<string> {
  return new Set([
    'tags',
    context.version.ownerKey,
    'extension',
    'followers',
    'tableConstraints',
    'columns',
    'tasks',
    'dataModel',
    'domain',
    'domains',
    'dataProducts',
  ]);
}

/** An entity as it is answered: its own document, its parents, and the asked-for properties. */
export function showEntity(row: EntityRow, context: Context, options: ShowOptions): Doc {
  const collection = context.collections.byType(row.type);
  const { fields } = options;
  const withLabels = collection.labelled && fields.has('tags');
  const doc = withLabels ? copyWithParts(row.doc, collection.parts) : { ...row.doc };
  for (const key of collection.onDemand) {
    if (!fields.has(key)) {
      delete doc[key];
    }
  }
  if (withLabels) {
    // Later servers load the labels of columns only for who asks for the columns by name.
    const onParts = row.type !== 'table' || !context.version.atLeast(4) || fields.has('columns');
    putLabels(doc, row, context.labels.of(row.id), onParts, context);
  }
  if (options.address) {
    doc['href'] = context.links.address(collection.path, row.id);
  }
  addParents(doc, row, context);
  const { ownerKey } = context.version;
  if (fields.has(ownerKey)) {
    putOwners(doc, row.owners, context);
  }
  if (fields.has('extension') && row.extension !== undefined) {
    doc['extension'] = row.extension;
  }
  if (collection.followed && fields.has('followers')) {
    doc['followers'] = followersOf(row.id, context);
  }
  showDomains(doc, fields, context);
  showByType(doc, row, fields, context);
  return forActor(doc, row.type, options.actor, context);
}

/** Secrets are for bots only; old servers also show the bot's token in ingestion pipelines. */
export function forActor(doc: Doc, type: string, actor: Actor, context: Context): Doc {
  if (type === 'ingestionPipeline' && !context.version.atLeast(3)) {
    doc['openMetadataServerConnection'] = serverConnection(context);
  }
  if (!actor.isBot && doc['connection'] !== undefined) {
    doc['connection'] = maskConnection(doc['connection']);
  }
  return doc;
}

function putLabels(doc: Doc, row: EntityRow, labels: LabelsByPath, onParts: boolean, context: Context): void {
  doc['tags'] = context.labels.show(labels.get('') ?? []);
  if (!onParts) {
    return;
  }
  const collection = context.collections.byType(row.type);
  for (const part of eachPart(partsOf(doc, collection.parts))) {
    insertLabels(part, context.labels.show(labels.get(String(part['fullyQualifiedName'])) ?? []));
  }
}

export function putOwners(doc: Doc, owners: readonly EntityLink[], context: Context): void {
  const shown = owners.map((owner) => context.links.reference(owner.id)).filter((owner) => owner !== undefined);
  if (context.version.ownerKey === 'owners') {
    doc['owners'] = shown;
  } else if (shown[0] !== undefined) {
    doc['owner'] = shown[0];
  }
}

/** The reference of every entity above: `databaseSchema`, `database`, `service` of a table, `parent` of a nested tag. */
export function addParents(doc: Doc, row: Pick<EntityRow, 'type' | 'parent'>, context: Context, address = true): void {
  let next = row.parent;
  for (let depth = 0; next !== null; depth += 1) {
    const link = context.links.byId(next);
    if (link === undefined) {
      return;
    }
    const type = String(link.reference['type']);
    if (type !== row.type || depth === 0) {
      const key = type === row.type ? 'parent' : type.endsWith('Service') ? 'service' : type;
      doc[key] = address ? { ...link.reference, href: context.links.address(link.path, next) } : link.reference;
    }
    next = link.parent;
  }
}

export function followersOf(id: string, context: Context): Doc[] {
  const rows = context.store.prepare("SELECT target FROM relations WHERE kind = 'follower' AND source = ?").all(id);
  return rows.map((row) => context.links.reference(row['target'] as string)).filter((user) => user !== undefined);
}

function showDomains(doc: Doc, fields: ReadonlySet<string>, context: Context): void {
  for (const [key, type] of [
    ['domain', 'domain'],
    ['domains', 'domain'],
    ['dataProducts', 'dataProduct'],
  ] as const) {
    const value = doc[key];
    if (value === undefined) {
      continue;
    }
    delete doc[key];
    if (fields.has(key) && context.collections.has(type)) {
      const references = textList(Array.isArray(value) ? value : [value])
        .map((fqn) => context.store.byFqn(type, fqn))
        .filter((row) => row !== undefined)
        .map((row) => context.links.reference(row.id));
      doc[key] = key === 'domain' ? references[0] : references;
    }
  }
}

function showByType(doc: Doc, row: EntityRow, fields: ReadonlySet<string>, context: Context): void {
  for (const key of relationKeys(row.type)) {
    if (fields.has(key) && key !== 'children') {
      doc[key] = shownRelations(key, relatedReferences(row.type, row.id, key, context), context.version);
    }
  }
  if (fields.has('children') || CHILD_KEYS[row.type] !== undefined) {
    showChildren(doc, row, fields, context);
  }
  if (fields.has('usageCount')) {
    doc['usageCount'] = context.labels.usage(row.type, row.fqn);
  }
  if (row.type === 'user') {
    showUser(doc, row, fields, context);
  } else if (row.type === 'table') {
    showTable(doc, fields);
  } else if (row.type === 'pipeline' && fields.has('pipelineStatus')) {
    putIf(doc, 'pipelineStatus', latestOf(row.id, 'run', '', context));
  } else if (row.type === 'ingestionPipeline' && fields.has('pipelineStatuses')) {
    putIf(doc, 'pipelineStatuses', latestOf(row.id, 'pipelineStatus', undefined, context));
  } else if (row.type === 'query' && fields.has('votes')) {
    doc['votes'] = { upVotes: 0, downVotes: 0 };
  }
}

/** Property that lists the entities directly below. */
const CHILD_KEYS: Readonly<Record<string, string>> = { database: 'databaseSchemas', databaseSchema: 'tables' };
const WITH_CHILDREN = new Set(['container', 'tag', 'glossaryTerm', 'domain']);

function showChildren(doc: Doc, row: EntityRow, fields: ReadonlySet<string>, context: Context): void {
  const key = CHILD_KEYS[row.type] ?? 'children';
  if (!fields.has(key) || !(WITH_CHILDREN.has(row.type) || CHILD_KEYS[row.type] !== undefined)) {
    return;
  }
  const children: Doc[] = [];
  for (const child of context.store.children(row.id)) {
    if (!child.deleted) {
      children.push(context.links.reference(child.id)!);
    }
  }
  // Containers without children do not show the property; tags and terms show an empty list.
  if (children.length > 0 || row.type !== 'container') {
    doc[key] = children.sort((a, b) => (String(a['fullyQualifiedName']) < String(b['fullyQualifiedName']) ? -1 : 1));
  }
}

function showUser(doc: Doc, row: EntityRow, fields: ReadonlySet<string>, context: Context): void {
  if (fields.has('teams') && docList(doc['teams']).length === 0 && row.doc['isBot'] !== true) {
    const organization = context.store.byFqn('team', 'Organization');
    doc['teams'] = organization === undefined ? [] : [context.links.reference(organization.id)];
  }
  if (fields.has('roles')) {
    doc['inheritedRoles'] = inheritedRoles(context);
  }
}

/** What everybody may do by belonging to the organization. */
export function inheritedRoles(context: Context): Doc[] {
  const role = context.store.byFqn('role', 'DataConsumer');
  return role === undefined ? [] : [context.links.reference(role.id)!];
}

function showTable(doc: Doc, fields: ReadonlySet<string>): void {
  const day = (offset: number): string => new Date(Date.now() - offset * 86_400_000).toISOString().slice(0, 10);
  const none = { count: 0, percentileRank: 0 };
  if (fields.has('usageSummary')) {
    doc['usageSummary'] = { dailyStats: none, weeklyStats: none, monthlyStats: none, date: day(0) };
  }
  if (fields.has('joins')) {
    doc['joins'] = { startDate: day(30), dayCount: 30, columnJoins: [], directTableJoins: [] };
  }
  if (fields.has('customMetrics')) {
    doc['columns'] = docList(doc['columns']).map((column) => ({ ...column, customMetrics: [] }));
  }
}

function putIf(doc: Doc, key: string, value: unknown): void {
  if (value !== undefined) {
    doc[key] = value;
  }
}

export function serverConnection(context: Context): Doc {
  const on = Object.fromEntries(
    (
      'includeTopics includeTables includeDashboards includePipelines includeMlModels includeUsers includeTeams ' +
      'includeGlossaryTerms includeTags includePolicy includeMessagingServices enableVersionValidation ' +
      'includeDatabaseServices includePipelineServices supportsDataInsightExtraction ' +
      'supportsElasticSearchReindexingExtraction'
    )
      .split(' ')
      .map((key) => [key, true]),
  );
  return {
    clusterName: 'openmetadata',
    type: 'OpenMetadata',
    hostPort: context.links.base,
    authProvider: 'openmetadata',
    verifySSL: 'no-ssl',
    securityConfig: { jwtToken: context.botToken },
    secretsManagerProvider: 'noop',
    secretsManagerLoader: 'noop',
    apiVersion: 'v1',
    ...on,
    limitRecords: 1000,
    forceEntityOverwriting: false,
  };
}
