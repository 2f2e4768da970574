import { createHash } from 'node:crypto';
import { badRequest, notFound } from './api-error.ts';
import type { Collection } from './collection.ts';
import { checkTable, settleConstraints, tidyColumns, tidyFields } from './columns.ts';
import { tidyConnection } from './connections.ts';
import type { Context } from './context.ts';
import { checkExtension } from './custom-properties.ts';
import { type Doc, docList, isDoc, text, textList } from './doc.ts';
import { childFqn, quoteName } from './fqn.ts';
import { approvalKey } from './governance-collections.ts';
import { tidyLabels } from './labels.ts';
import type { EntityState } from './merge-entity.ts';
import { eachPart, partsOf } from './parts.ts';
import type { EntityLink } from './store.ts';

/** What a create body asks for, with its parent found and everything in it checked. */
export interface Wanted extends EntityState {
  readonly fqn: string;
  readonly parent: string | null;
  /** Other entities that it is to be connected with, by kind; a kind that is missing stays as it is. */
  readonly relations: ReadonlyMap<string, readonly EntityLink[]>;
}

/** Keys of create bodies that are no properties of the entity's own document. */
const APART = ['owner', 'owners', 'extension', 'databaseSchema', 'database', 'classification', 'glossary', 'parent'];

/**
 * Reads a create body (already checked for its shape).
 * @throws {ApiError} 404 for a parent, owner or tag that does not exist, 400 for what contradicts itself.
 */
export function buildEntity(collection: Collection, body: Doc, context: Context): Wanted {
  const { type } = collection;
  const doc: Doc = { ...body };
  for (const key of type === 'user' || type === 'team' ? ['owner', 'owners'] : APART) {
    delete doc[key];
  }
  const name = type === 'query' ? queryName(doc) : String(body['name']);
  const parent = parentOf(collection, body, context);
  const fqn = parent === undefined ? quoteName(name) : childFqn(parent.fqn, name);
  if (fqn.length > 3072) {
    throw badRequest('[fullyQualifiedName size must be between 1 and 3072]');
  }
  delete doc['service'];
  for (const [key, value] of Object.entries(doc)) {
    if (value === null) {
      delete doc[key];
    }
  }
  Object.assign(doc, { name, fullyQualifiedName: fqn });
  for (const [key, value] of Object.entries(collection.defaults)) {
    doc[key] ??= value;
  }
  const relations = relationsOf(type, doc, context);
  if (type === 'glossaryTerm') {
    // A PUT sets it too: the server works it out anew from what the body says.
    const approved = context.version.atLeast(2) && (relations.get('reviewers') ?? []).length === 0;
    doc[approvalKey(context.version)] = approved ? 'Approved' : 'Draft';
  }
  const extension = isDoc(body['extension']) ? body['extension'] : undefined;
  checkExtension(type, extension, context);
  checkDomains(body, context);
  tidyEntity(collection, doc, fqn, context);
  if (doc['serviceType'] === undefined && parent?.serviceType !== undefined) {
    doc['serviceType'] = parent.serviceType;
  }
  return { doc, fqn, parent: parent?.id ?? null, owners: ownersIn(body, context), extension, relations };
}

function queryName(doc: Doc): string {
  const checksum = createHash('md5').update(String(doc['query'])).digest('hex');
  doc['checksum'] = checksum;
  return text(doc['name']) ?? checksum;
}

/** Brings labels and parts of an entity in the stored form, and checks them; used for PUT and for what a PATCH leaves. */
export function tidyEntity(collection: Collection, doc: Doc, fqn: string, context: Context): void {
  if (Array.isArray(doc['tags'])) {
    doc['tags'] = tidyLabels(doc['tags']);
  }
  nameDomains(doc);
  const { parts, type } = collection;
  const list = partsOf(doc, parts);
  if (parts !== undefined && list !== undefined) {
    const tidy = parts.style === 'columns' ? tidyColumns(list, fqn, type === 'table') : tidyFields(list, fqn);
    if (parts.at.length === 1) {
      doc[parts.at[0]!] = tidy;
    } else {
      doc[parts.at[0]!] = { ...(doc[parts.at[0]!] as Doc), [parts.at[1]!]: tidy };
    }
  }
  if (type === 'table') {
    checkTable(doc, context.version);
    if (context.version.atLeast(5)) {
      settleConstraints(doc, (table) => {
        const row = context.store.byFqn('table', table);
        return row === undefined ? undefined : docList(row.doc['columns']);
      });
    }
  }
  if (type === 'mlmodel') {
    nameFeatureSources(doc);
  }
  if (isDoc(doc['connection']) && type.endsWith('Service')) {
    doc['connection'] = tidyConnection(String(doc['serviceType']), doc['connection']);
  }
  if (type === 'ingestionPipeline') {
    doc['airflowConfig'] = { ...AIRFLOW_DEFAULTS, ...(doc['airflowConfig'] as Doc) };
  }
  checkLabels(collection, doc, context);
}

const AIRFLOW_DEFAULTS: Doc = {
  pausePipeline: false,
  concurrency: 1,
  pipelineTimezone: 'UTC',
  retries: 3,
  retryDelay: 300,
  pipelineCatchup: false,
  maxActiveRuns: 1,
  workflowDefaultView: 'tree',
  workflowDefaultViewOrientation: 'LR',
};

function checkLabels(collection: Collection, doc: Doc, context: Context): void {
  if (Array.isArray(doc['tags'])) {
    context.labels.check(doc['tags'] as Doc[]);
  }
  for (const part of eachPart(partsOf(doc, collection.parts))) {
    if (Array.isArray(part['tags'])) {
      context.labels.check(part['tags'] as Doc[]);
    }
  }
}

/** A source without a qualified data source gets the word null in its name; the server does so too. */
function nameFeatureSources(doc: Doc): void {
  for (const feature of docList(doc['mlFeatures'])) {
    feature['featureSources'] = docList(feature['featureSources']).map((source) => {
      const dataSource = isDoc(source['dataSource']) ? source['dataSource'] : {};
      const above = text(dataSource['fullyQualifiedName']) ?? 'null';
      return { ...source, fullyQualifiedName: `${above}.${String(source['name'])}` };
    });
  }
}

interface Parent {
  readonly id: string;
  readonly fqn: string;
  readonly serviceType: string | undefined;
}

function parentOf(collection: Collection, body: Doc, context: Context): Parent | undefined {
  const named = (type: string, fqn: unknown): Parent => {
    const id = context.links.idOf(type, String(fqn));
    return { id, fqn: String(fqn), serviceType: context.links.byId(id)?.serviceType };
  };
  const referred = (reference: unknown): Parent => {
    const target = linkIn(reference);
    const link = context.links.require(target);
    return { id: target.id, fqn: String(link.reference['fullyQualifiedName']), serviceType: link.serviceType };
  };
  switch (collection.type) {
    case 'container': {
      const service = named('storageService', body['service']);
      return isDoc(body['parent']) ? { ...referred(body['parent']), serviceType: service.serviceType } : service;
    }
    case 'tag':
    case 'glossaryTerm':
    case 'domain':
      return vocabularyParent(collection.type, body, named);
    case 'ingestionPipeline': {
      // The service's type is not the pipeline's: it has none of its own.
      return { ...referred(body['service']), serviceType: undefined };
    }
    default:
      return collection.parent === undefined ? undefined : named(collection.parent.type, body[collection.parent.key]);
  }
}

function vocabularyParent(
  type: 'tag' | 'glossaryTerm' | 'domain',
  body: Doc,
  named: (type: string, fqn: unknown) => Parent,
): Parent | undefined {
  const top = type === 'tag' ? 'classification' : 'glossary';
  if (type !== 'domain' && body[top] !== undefined) {
    const vocabulary = named(top, body[top]);
    return body['parent'] === undefined ? vocabulary : named(type, body['parent']);
  }
  if (body['parent'] !== undefined) {
    return named(type, body['parent']);
  }
  if (type === 'tag') {
    throw badRequest('Classification and parent are both missing');
  }
  return undefined;
}

/** The owners of a body; undefined when it does not speak of them. */
export function ownersIn(body: Doc, context: Context): EntityLink[] | undefined {
  const key = context.version.ownerKey;
  const value = body[key];
  if (value === undefined || value === null) {
    return undefined;
  }
  const owners = (Array.isArray(value) ? value : [value]).map(linkIn);
  for (const owner of owners) {
    context.links.require(owner);
  }
  const teams = owners.filter((owner) => owner.type === 'team').length;
  if (teams > 0 && owners.length > 1) {
    throw badRequest('Only one team can be owner, and not together with users');
  }
  return owners;
}

export function linkIn(value: unknown): EntityLink {
  const reference = isDoc(value) ? value : {};
  return { id: String(reference['id']), type: String(reference['type']) };
}

/** Takes the connections with other entities out of the document. */
function relationsOf(type: string, doc: Doc, context: Context): Map<string, EntityLink[]> {
  const result = new Map<string, EntityLink[]>();
  const take = (key: string, of: (item: unknown) => EntityLink): void => {
    if (doc[key] !== undefined) {
      const links = (doc[key] as unknown[]).map(of);
      for (const link of links) {
        context.links.require(link);
      }
      result.set(key, links);
      delete doc[key];
    }
  };
  const byId = (target: string) => (id: unknown) => ({ id: String(id), type: target });
  // Reviewers are named up to 1.3, and referred to from 1.4 on.
  const reviewer = context.version.atLeast(4)
    ? linkIn
    : (name: unknown) => ({ id: context.links.idOf('user', String(name)), type: 'user' });
  if (type === 'glossaryTerm') {
    take('relatedTerms', (fqn) => ({ id: context.links.idOf('glossaryTerm', String(fqn)), type: 'glossaryTerm' }));
    take('reviewers', reviewer);
  } else if (type === 'glossary') {
    take('reviewers', reviewer);
  } else if (type === 'query') {
    take('queryUsedIn', linkIn);
  } else if (type === 'user') {
    take('teams', byId('team'));
    take('roles', byId('role'));
    for (const key of ['password', 'confirmPassword', 'createPasswordType', 'botName']) {
      delete doc[key];
    }
  } else if (type === 'team') {
    take('users', byId('user'));
    take('parents', byId('team'));
    take('children', byId('team'));
    take('defaultRoles', byId('role'));
    delete doc['policies'];
  } else if (type === 'dataProduct') {
    take('assets', linkIn);
  }
  return result;
}

/** Domains and data products are stored by name, also when a PATCH gives references. */
function nameDomains(doc: Doc): void {
  const nameOf = (value: unknown): unknown => (isDoc(value) ? value['fullyQualifiedName'] : value);
  for (const key of ['domain', 'domains', 'dataProducts']) {
    const value = doc[key];
    if (value !== undefined && doc['domainType'] === undefined) {
      doc[key] = Array.isArray(value) ? value.map(nameOf) : nameOf(value);
    }
  }
}

/** Checks that named domains and data products exist. @throws {ApiError} 404 otherwise. */
function checkDomains(body: Doc, context: Context): void {
  const domains = body['domains'] ?? (body['domain'] === undefined ? [] : [body['domain']]);
  for (const fqn of textList(domains)) {
    if (context.collections.has('domain') && context.store.byFqn('domain', fqn) === undefined) {
      throw notFound('domain', fqn);
    }
  }
}
