import { buildFqn, splitFqn } from '../model/fqn.ts';
import type { AssetType } from '../reconcile/target-asset.ts';
import type {
  DeletedAsset,
  EntityName,
  Surrounding,
  SurroundingType,
  UndoTarget,
} from '../workflow/undo/undo-target.ts';
import type { EntityReference, EntityVersion } from './entities.ts';
import type { ListOptions } from './openmetadata-client.ts';
import { OpenMetadataTarget } from './openmetadata-target.ts';
import { pageSize } from './target-surroundings.ts';

type Filters = NonNullable<ListOptions['filters']>;
type Holder = AssetType | SurroundingType;

/** Kinds of which one listing shows what lies in them, and the filter that asks for it. */
const listings: Readonly<
  Partial<Record<Holder, { readonly type: EntityName['type']; readonly filter: (id: string, fqn: string) => Filters }>>
> = {
  databaseService: { type: 'database', filter: (_, fqn) => ({ service: fqn }) },
  messagingService: { type: 'topic', filter: (_, fqn) => ({ service: fqn }) },
  storageService: { type: 'container', filter: (_, fqn) => ({ service: fqn }) },
  pipelineService: { type: 'pipeline', filter: (_, fqn) => ({ service: fqn }) },
  mlmodelService: { type: 'mlmodel', filter: (_, fqn) => ({ service: fqn }) },
  metadataService: { type: 'ingestionPipeline', filter: (_, fqn) => ({ service: fqn }) },
  database: { type: 'databaseSchema', filter: (_, fqn) => ({ database: fqn }) },
  databaseSchema: { type: 'table', filter: (_, fqn) => ({ databaseSchema: fqn }) },
  // On 1.1 a filter by a glossary with a dot in its name finds nothing: then all terms are looked through.
  glossary: {
    type: 'glossaryTerm',
    filter: (id, fqn): Filters => (fqn.includes('"') ? {} : { glossary: id }),
  },
  classification: { type: 'tag', filter: (_, fqn) => ({ parent: fqn }) },
};

/** Kinds that hold others of their own kind: the entity itself names them. */
const nesting: ReadonlySet<Holder> = new Set<Holder>(['container', 'glossaryTerm', 'tag']);

/** Listings that show all that lies below an asset, at any depth. */
const below: Readonly<
  Partial<Record<AssetType, (fqn: string, service: string) => readonly (readonly [AssetType, Filters])[]>>
> = {
  database: (fqn) => [
    ['databaseSchema', { database: fqn }],
    ['table', { database: fqn }],
  ],
  databaseSchema: (fqn) => [['table', { databaseSchema: fqn }]],
  container: (_, service) => [['container', { service }]],
};

/** An OpenMetadata server as an undo uses it. */
export class OpenMetadataUndoTarget extends OpenMetadataTarget implements UndoTarget {
  async findSurrounding(type: SurroundingType, fqn: string): Promise<Surrounding | undefined> {
    const found = await this.client.getByName(type, fqn, { include: 'all' }, this.signal);
    return (
      found && {
        id: found.id,
        version: found.version ?? 0.1,
        deleted: found.deleted ?? false,
        description: found.description ?? '',
      }
    );
  }

  async deleteSurrounding(type: SurroundingType, id: string): Promise<void> {
    // What only holds things that are deleted already counts as filled on some servers.
    await this.client.softDelete(type, id, true, this.signal);
  }

  async touchedSince(type: Holder, id: string, version: number): Promise<boolean> {
    const versions = await this.client.versions(type, id, this.signal);
    const at = versions.find((one) => isSame(one.version, version)) ?? versions.at(-1);
    if (!at) return true;
    return versions.some((one) => one.version > at.version && one.updatedBy !== at.updatedBy);
  }

  async madeByBot(type: Holder, id: string): Promise<boolean> {
    return this.#isBot((await this.client.versions(type, id, this.signal)).at(-1));
  }

  async lastIsBot(type: Holder, id: string): Promise<boolean> {
    return this.#isBot((await this.client.versions(type, id, this.signal))[0]);
  }

  async #isBot(version: EntityVersion | undefined): Promise<boolean> {
    return version !== undefined && ((await this.client.getUser(version.updatedBy, this.signal))?.isBot ?? false);
  }

  async *heldIn(type: Holder, id: string, fqn: string): AsyncIterable<EntityName> {
    const listing = listings[type];
    if (listing) {
      const isBelow = (name: string): boolean => name.startsWith(`${fqn}.`);
      const options = { filters: listing.filter(id, fqn), limit: pageSize };
      for await (const entity of this.client.list(listing.type, options, this.signal)) {
        const name = entity.fullyQualifiedName ?? entity.name;
        if (isBelow(name)) yield { type: listing.type, fqn: name };
      }
      return;
    }
    if (!nesting.has(type)) return;
    const entity = await this.client.getById(type, id, { fields: ['children'], include: 'all' }, this.signal);
    for (const child of (entity?.['children'] as readonly EntityReference[] | undefined) ?? []) {
      if (!child.deleted) yield { type: type as AssetType, fqn: child.fullyQualifiedName ?? child.name ?? child.id };
    }
  }

  async *deletedBelow(type: AssetType, fqn: string): AsyncIterable<DeletedAsset> {
    const [service = ''] = splitFqn(fqn);
    for (const [kind, filters] of below[type]?.(fqn, buildFqn([service])) ?? []) {
      const options = { filters, include: 'deleted' as const, limit: pageSize };
      for await (const { id, name, fullyQualifiedName = name } of this.client.list(kind, options, this.signal)) {
        if (fullyQualifiedName.startsWith(`${fqn}.`)) yield { type: kind, id, fqn: fullyQualifiedName };
      }
    }
  }

  async labelsInUse(type: 'tag' | 'glossaryTerm', id: string): Promise<number> {
    const entity = await this.client.getById(type, id, { fields: ['usageCount'], include: 'all' }, this.signal);
    return Number(entity?.['usageCount'] ?? 0);
  }
}

/** Versions are tenths, and servers add them up in floating point. */
function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) < 0.05;
}
