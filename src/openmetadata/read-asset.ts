import type { AssetKind } from '../model/records.ts';
import { attributesOf, type OwnerReference, type TargetAsset } from '../reconcile/target-asset.ts';
import type { Capabilities } from './capabilities.ts';
import type { Entity, EntityReference, TableConstraint } from './entities.ts';
import { getKey } from './key-path.ts';
import { attributePlace, type KindFacts, kindFacts } from './kind-facts.ts';
import { readPart } from './part-body.ts';
import { isAtLeast } from './server-version.ts';
import { sortConstraints } from './table-constraints.ts';

/**
 * What to ask for in `fields`, so that `readAsset` sees everything. A table's view text and constraints, a term's
 * relations and the like have to be asked for by name, or they seem absent; a name that a version does not know is 400.
 */
export function assetFields(capabilities: Capabilities, kind: AssetKind): readonly string[] {
  const { fields, extensionSince } = kindFacts[kind];
  return [
    capabilities.ownerKey,
    'tags',
    ...(isAtLeast(capabilities.version, 1, extensionSince) ? ['extension'] : []),
    ...fields,
    ...(kind === 'table' ? [capabilities.viewKey] : []),
  ];
}

/** Its own owners; those that it only inherits from its parent are left out. */
function ownersOf(entity: Entity): OwnerReference[] {
  const references: readonly (EntityReference & { readonly inherited?: boolean })[] =
    entity.owners ?? (entity.owner ? [entity.owner] : []);
  return references.flatMap(({ id, type, name, inherited }) =>
    inherited || (type !== 'user' && type !== 'team') ? [] : [{ id, type, ...(name !== undefined && { name }) }],
  );
}

/** A term's relations are references, from 1.13 on references inside typed relations. */
function wordOf(item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item);
  const { term, fullyQualifiedName, name } = item as { term?: EntityReference } & EntityReference;
  return term ? wordOf(term) : (fullyQualifiedName ?? name ?? '');
}

function listsOf({ lists }: KindFacts, entity: Entity): Record<string, readonly string[]> {
  return Object.fromEntries(
    (lists ?? []).map((key) => [key, ((entity[key] as readonly unknown[] | undefined) ?? []).map(wordOf)]),
  );
}

function pick(entity: Entity, keys: readonly string[]): Record<string, unknown> {
  const held = keys.map((key) => [key, getKey(entity, key)] as const);
  return Object.fromEntries(held.filter(([, value]) => value !== undefined));
}

/** As a create body wants it: references as names where it has them so. */
function bodyForm(key: string, value: unknown, capabilities: Capabilities): unknown {
  if (key === 'dashboard') return wordOf(value);
  if (key !== 'reviewers') return value;
  const reviewers = (value as readonly (EntityReference & { inherited?: boolean })[]).filter(
    ({ inherited }) => !inherited,
  );
  return reviewers.map((reviewer) =>
    capabilities.reviewersByName ? wordOf(reviewer) : { id: reviewer.id, type: reviewer.type },
  );
}

/** What a PUT must send along so that it stays: the server clears what a body leaves out (LIVE-1.1, CONTRACT §4.3). */
function carriedOf(kind: AssetKind, entity: Entity, capabilities: Capabilities): Record<string, unknown> {
  const table = kind === 'table' ? ['tableType', capabilities.viewKey] : [];
  return Object.fromEntries(
    Object.entries(pick(entity, [...kindFacts[kind].carried, ...table]))
      .map(([key, value]) => [key, bodyForm(key, value, capabilities)] as const)
      .filter(([, value]) => !Array.isArray(value) || value.length > 0),
  );
}

/** Lists that an answer leaves out when they are empty. */
const LIST_KEYS: ReadonlySet<string> = new Set(['cleanupPolicies', 'fileFormats', 'mlHyperParameters', 'references']);

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null));
}

function attributesIn(kind: AssetKind, entity: Entity): Record<string, unknown> {
  const held = attributesOf[kind].map((key) => {
    const value = getKey(entity, attributePlace(key)) ?? (LIST_KEYS.has(key) ? [] : undefined);
    const plain = withoutNulls(value);
    const ordered = key === 'tableConstraints' && Array.isArray(plain);
    return [key, ordered ? sortConstraints(plain as TableConstraint[]) : plain] as const;
  });
  return Object.fromEntries(held.filter(([, value]) => value !== undefined));
}

function some<T extends object>(key: string, value: T): { [key: string]: T } {
  return Object.keys(value).length > 0 ? { [key]: value } : {};
}

/** Only what says which entity it is, and in which state: enough to see that nobody has touched it since. */
export function readHeader(entity: Entity): TargetAsset {
  return {
    id: entity.id,
    fqn: entity.fullyQualifiedName ?? entity.name,
    name: entity.name,
    version: entity.version ?? 0.1,
    deleted: entity.deleted ?? false,
    tags: [],
    owners: [],
  };
}

/** An answer in one form for all server versions. Empty texts count as absent. */
export function readAsset(kind: AssetKind, entity: Entity, capabilities: Capabilities): TargetAsset {
  const { displayName, description, extension } = entity;
  const facts = kindFacts[kind];
  const parts = facts.parts && getKey(entity, facts.parts.at.join('.'));
  const viewDefinition = kind === 'table' ? entity[capabilities.viewKey] : undefined;
  return {
    ...readHeader(entity),
    ...(displayName && { displayName }),
    ...(description && { description }),
    ...(entity.updatedAt !== undefined && { updatedAt: entity.updatedAt }),
    tags: entity.tags ?? [],
    owners: ownersOf(entity),
    ...(extension && { extension }),
    ...(kind === 'table' && entity['tableType'] != null && { tableType: String(entity['tableType']) }),
    ...(viewDefinition != null && viewDefinition !== '' && { viewDefinition: String(viewDefinition) }),
    ...(facts.parts && {
      columns: ((parts as readonly Entity[] | undefined) ?? []).map((part) => readPart(facts.parts!.style, part)),
    }),
    ...some('attributes', attributesIn(kind, entity)),
    ...(facts.lists && { lists: listsOf(facts, entity) }),
    ...some('carried', carriedOf(kind, entity, capabilities)),
  };
}
