import { buildFqn, splitFqn } from '../../../model/fqn.ts';
import type { AssetKind } from '../../../model/records.ts';
import type { Entity, TagLabel } from '../../../openmetadata/entities.ts';
import { getKey } from '../../../openmetadata/key-path.ts';
import { kindFacts, type PartStyle } from '../../../openmetadata/kind-facts.ts';
import { assetFields, readAsset } from '../../../openmetadata/read-asset.ts';
import type { TargetAsset } from '../../../reconcile/target-asset.ts';
import { explainAsset } from '../../../workflow/explain-asset.ts';
import type { CatalogueSession } from './catalogue-session.ts';
import type { AssetDetails, AssetLabel, AssetLink, AssetPart, CatalogueKind } from './catalogue-types.ts';
import { serviceKinds } from './read-tree.ts';

const partWords: Readonly<Record<PartStyle, NonNullable<AssetDetails['partWord']>>> = {
  column: 'columns',
  field: 'fields',
  task: 'tasks',
  feature: 'features',
};

/** Everything that is known of an entity; undefined where OpenMetadata has none of this name. */
export async function readAssetDetails(
  session: CatalogueSession,
  kind: CatalogueKind,
  fqn: string,
  signal: AbortSignal,
): Promise<AssetDetails | undefined> {
  if (isService(kind)) return readService(session, kind, fqn, signal);
  const { client } = session;
  const { capabilities } = client;
  const fields = assetFields(capabilities, kind);
  const entity = await client.getByName(kind, fqn, { fields, include: 'all' }, signal);
  if (!entity) return undefined;
  const target = readAsset(kind, entity, capabilities);
  const [versions, state] = await Promise.all([
    client.versions(kind, entity.id, signal),
    session.remember((store) => store.getAsset(kind, target.fqn)),
  ]);
  const { fields: origins, sourceId } = explainAsset({ entityType: kind, target, versions, state });
  const { parts } = kindFacts[kind];
  const held = parts && (getKey(entity, parts.at.join('.')) as readonly Entity[] | undefined);
  return {
    ...common(session, kind, entity),
    path: pathOf(kind, entity),
    properties: Object.entries(target.extension ?? {}).map(([name, value]) => ({ name, value: asText(value) })),
    parts: (held ?? []).map(toPart),
    ...(parts && { partWord: partWords[parts.style] }),
    ...(target.viewDefinition !== undefined && { viewDefinition: target.viewDefinition }),
    facts: factsOf(target),
    origins,
    ...(sourceId !== undefined && { sourceId }),
  };
}

async function readService(
  session: CatalogueSession,
  kind: CatalogueKind,
  fqn: string,
  signal: AbortSignal,
): Promise<AssetDetails | undefined> {
  const fields = [session.client.capabilities.ownerKey, 'tags'];
  const entity = await session.client.getByName(kind, fqn, { fields, include: 'all' }, signal);
  return entity && { ...common(session, kind, entity), path: [], properties: [], parts: [], facts: [], origins: [] };
}

function isService(kind: CatalogueKind): kind is Exclude<CatalogueKind, AssetKind> {
  return (serviceKinds as readonly string[]).includes(kind);
}

function common(session: CatalogueSession, kind: CatalogueKind, entity: Entity) {
  const { displayName, description, name, fullyQualifiedName: fqn = name } = entity;
  const type = entity['tableType'] ?? entity['serviceType'];
  return {
    kind,
    fqn,
    name,
    ...(displayName && displayName !== name && { displayName }),
    ...(typeof type === 'string' && { type }),
    ...(description && { description }),
    deleted: entity.deleted ?? false,
    labels: (entity.tags ?? []).map(toLabel),
    owners: (entity.owners ?? (entity.owner ? [entity.owner] : [])).map((owner) => ({
      name: owner.displayName || owner.name || owner.id,
      type: owner.type,
    })),
    version: entity.version ?? 0.1,
    ...(entity.updatedAt !== undefined && { updatedAt: new Date(entity.updatedAt).toISOString() }),
    ...(entity.updatedBy !== undefined && { updatedBy: entity.updatedBy }),
    address: addressOf(session, kind, fqn),
  };
}

/** The kinds that the names of an FQN stand for, from the outermost. */
const above: Readonly<Partial<Record<CatalogueKind, readonly CatalogueKind[]>>> = {
  database: ['databaseService'],
  databaseSchema: ['databaseService', 'database'],
  table: ['databaseService', 'database', 'databaseSchema'],
  topic: ['messagingService'],
  container: ['storageService'],
  pipeline: ['pipelineService'],
  mlmodel: ['mlmodelService'],
  glossaryTerm: ['glossary'],
};

function pathOf(kind: CatalogueKind, entity: Entity): readonly AssetLink[] {
  const names = splitFqn(entity.fullyQualifiedName ?? entity.name);
  const kinds = above[kind] ?? [];
  // Containers and terms stand in others of their own kind.
  return names.slice(0, -1).map((name, depth) => ({
    kind: kinds[depth] ?? kind,
    fqn: buildFqn(names.slice(0, depth + 1)),
    name,
  }));
}

function toLabel({ tagFQN, source, labelType }: TagLabel): AssetLabel {
  return { fqn: tagFQN, source, labelType };
}

function toPart(part: Entity): AssetPart {
  const { name, displayName, description } = part;
  const text = (key: string): string | undefined => (typeof part[key] === 'string' ? (part[key] as string) : undefined);
  const constraint = text('constraint');
  return {
    name,
    ...(displayName && displayName !== name && { displayName }),
    type: text('dataTypeDisplay') || text('dataType') || text('taskType') || '',
    ...(constraint && constraint !== 'NULL' && { constraint }),
    ...(description && { description }),
    labels: (part.tags ?? []).map(toLabel),
    children: ((part['children'] as readonly Entity[] | null | undefined) ?? []).map(toPart),
  };
}

function factsOf({ attributes = {}, lists = {} }: TargetAsset): AssetDetails['facts'] {
  const isEmpty = (value: unknown): boolean => value === '' || (Array.isArray(value) && value.length === 0);
  return Object.entries({ ...attributes, ...lists })
    .filter(([, value]) => !isEmpty(value))
    .map(([name, value]) => ({ name, value: asText(value) }));
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  const isWords = Array.isArray(value) && value.every((item) => typeof item !== 'object');
  return isWords ? value.join(', ') : JSON.stringify(value, null, 2);
}

/** OpenMetadata's own pages stand beside its API. */
function addressOf({ recipe }: CatalogueSession, kind: CatalogueKind, fqn: string): string {
  const root = new URL(recipe.settings.openMetadata.hostPort.replace(/\/api\/?$/, '/'));
  root.username = '';
  root.password = '';
  const word = isService(kind) ? `service/${kind}s` : kind === 'glossaryTerm' ? 'glossary' : kind;
  return new URL(`${word}/${encodeURIComponent(fqn)}`, root).href;
}
