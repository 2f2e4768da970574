import type { TargetNames } from '../connectors/source.ts';
import { ResponseError } from '../errors.ts';
import { encodeName } from '../model/name-encoding.ts';
import { FieldHistory } from '../reconcile/history.ts';
import type { EdgeDetails } from '../reconcile/merge-lineage.ts';
import { confirmed, type PatchOperation } from '../reconcile/patch.ts';
import type { AssetType, DesiredAsset, DesiredColumn, OwnerReference, TargetAsset } from '../reconcile/target-asset.ts';
import type { TargetNaming } from '../reconcile/target-naming.ts';
import type { BulkOutcome, Endpoint, ServiceEntity, Stored, Target, TargetTag } from '../workflow/target.ts';
import type { Body } from './bodies.ts';
import { classificationBody, databaseBody, schemaBody, tableBody, tagBody } from './bodies.ts';
import type { Capabilities } from './capabilities.ts';
import { collectionPath } from './collections.ts';
import type { Entity, LineageDetails, TableEntity, TargetColumn } from './entities.ts';
import { readLineageEdge } from './lineage-edges.ts';
import { assetFields, readAsset, readTable } from './normalise-entity.ts';
import type { OpenMetadataClient } from './openmetadata-client.ts';
import { databaseServiceBody, metadataServiceBody } from './service-bodies.ts';

/** Rows a listing asks for at once: a table's row carries its columns, 1 to 5 kB each. */
const pageSize = 500;
const bulkRows = 100;

/** Filter by which a kind of asset is listed for a whole service (a prefix test, CONTRACT §1.5). */
const serviceFilter: Readonly<Record<AssetType, string>> = {
  database: 'service',
  databaseSchema: 'database',
  table: 'database',
  topic: 'service',
  container: 'service',
  pipeline: 'service',
  mlmodel: 'service',
  glossary: 'glossary',
  glossaryTerm: 'glossary',
};

/** The workflow's target on an OpenMetadata server of any known version. */
export class OpenMetadataTarget implements Target, TargetNames {
  readonly naming: TargetNaming;
  readonly version: string;
  readonly bulkSize: number;
  readonly #client: OpenMetadataClient;
  readonly #capabilities: Capabilities;
  readonly #signal: AbortSignal;
  readonly #edges: (from: Endpoint, to: Endpoint) => Promise<LineageDetails | undefined>;

  /** @param client connected already */
  constructor(client: OpenMetadataClient, signal: AbortSignal) {
    this.#client = client;
    this.#signal = signal;
    this.#capabilities = client.capabilities;
    this.version = client.capabilities.version.text;
    this.bulkSize = client.capabilities.bulk ? bulkRows : 0;
    const { service, entity, column, tag, term } = client.capabilities.nameLimits;
    this.naming = {
      service: (raw) => encodeName(raw, service),
      entity: (raw) => encodeName(raw, entity),
      column: (raw) => encodeName(raw, column),
      tag: (raw) => encodeName(raw, tag),
      term: (raw) => encodeName(raw, term),
    };
    this.#edges = readLineageEdge(client, signal);
  }

  requestCount(): number {
    return this.#client.requestCount;
  }

  /** Names of the databases that a service holds; undefined when there is no such service. */
  async databases(service: string): Promise<readonly string[] | undefined> {
    const { name } = this.naming.service(service);
    if (!(await this.findService('databaseService', name))) return undefined;
    const names: string[] = [];
    const query = { filters: { service: name }, limit: pageSize };
    for await (const database of this.#client.list('database', query, this.#signal)) {
      names.push(database.displayName || database.name);
    }
    return names;
  }

  async findService(kind: 'databaseService' | 'metadataService', name: string): Promise<ServiceEntity | undefined> {
    const found = await this.#client.getByName(kind, name, { include: 'all' }, this.#signal);
    return found && { id: found.id, name: found.name, deleted: found.deleted ?? false };
  }

  async createService(
    kind: 'databaseService' | 'metadataService',
    name: string,
    serviceType: string,
    connection: Readonly<Record<string, unknown>>,
  ): Promise<ServiceEntity> {
    const body =
      kind === 'metadataService'
        ? metadataServiceBody({ name, ...connection } as never)
        : databaseServiceBody({ name, serviceType });
    const made = await this.#client.put(kind, body, this.#signal);
    return { id: made.id, name: made.name, deleted: false };
  }

  async *listAssets(type: AssetType, service: string, full: boolean): AsyncIterable<TargetAsset> {
    const query = {
      filters: { [serviceFilter[type]]: service },
      include: 'all' as const,
      limit: pageSize,
      ...(full && { fields: assetFields(this.#capabilities, type) }),
    };
    for await (const entity of this.#client.list(type, query, this.#signal)) yield this.#read(type, entity);
  }

  countAssets(type: AssetType, service: string): Promise<number> {
    return this.#client.count(type, { filters: { [serviceFilter[type]]: service }, include: 'all' }, this.#signal);
  }

  async readAsset(
    type: AssetType,
    by: { readonly id: string } | { readonly fqn: string },
  ): Promise<TargetAsset | undefined> {
    const options = { fields: assetFields(this.#capabilities, type), include: 'all' as const };
    const entity =
      'id' in by
        ? await this.#client.getById(type, by.id, options, this.#signal)
        : await this.#client.getByName(type, by.fqn, options, this.#signal);
    return entity && this.#read(type, entity);
  }

  async lastAuthorIsBot(type: AssetType, id: string): Promise<boolean> {
    const [newest] = await this.#client.versions(type, id, this.#signal);
    return newest ? this.#isBot(newest.updatedBy) : false;
  }

  async putAsset(asset: DesiredAsset): Promise<Stored> {
    return toStored(await this.#client.put(asset.entityType, this.#body(asset), this.#signal));
  }

  async putBesideAnother(asset: DesiredAsset): Promise<Stored> {
    const body = this.#body(asset);
    const detour = asset.tableType === 'View' ? 'SecureView' : asset.viewDefinition ? 'View' : 'Local';
    await this.#client.put('table', { ...body, tableType: detour }, this.#signal);
    return toStored(await this.#client.put('table', body, this.#signal));
  }

  async putAssets(type: AssetType, assets: readonly DesiredAsset[]): Promise<readonly BulkOutcome[]> {
    const results = await this.#client.bulkPut(
      type,
      assets.map((asset) => this.#body(asset)),
      this.#signal,
    );
    return results.map(({ fqn, ok, status, message }) => ({
      fqn,
      ...(!ok && {
        error: new ResponseError('target.bulk-row-refused', message ?? `OpenMetadata refused it (${status}).`, {
          status,
          body: message ?? '',
        }),
      }),
    }));
  }

  async patchAsset(type: AssetType, id: string, patch: readonly PatchOperation[]): Promise<Stored> {
    const operations = patch.map((operation) => this.#operation(operation));
    return toStored(await this.#client.patch(type, id, operations, this.#signal));
  }

  async history(type: AssetType, id: string): Promise<FieldHistory> {
    const versions = await this.#client.versions(type, id, this.#signal);
    const bots = new Map<string, boolean>();
    for (const { updatedBy } of versions) {
      if (!bots.has(updatedBy)) bots.set(updatedBy, await this.#isBot(updatedBy));
    }
    return new FieldHistory(
      versions.map(({ updatedBy, changeDescription }) => ({
        updatedBy,
        byBot: bots.get(updatedBy) ?? false,
        added: changeDescription.fieldsAdded,
        updated: changeDescription.fieldsUpdated,
        deleted: changeDescription.fieldsDeleted,
      })),
    );
  }

  describePut(asset: DesiredAsset): { method: string; path: string; body: unknown } {
    return { method: 'PUT', path: `/v1/${collectionPath(asset.entityType)}`, body: this.#body(asset) };
  }

  async findClassification(name: string): Promise<{ id: string; deleted: boolean } | undefined> {
    const found = await this.#client.getByName('classification', name, { include: 'all' }, this.#signal);
    return found && { id: found.id, deleted: found.deleted ?? false };
  }

  async createClassification(name: string, description: string): Promise<void> {
    await this.#client.put('classification', classificationBody({ name, description }), this.#signal);
  }

  async *listTags(classification: string): AsyncIterable<TargetTag> {
    const query = { filters: { parent: classification }, include: 'all' as const, limit: pageSize };
    for await (const tag of this.#client.list('tag', query, this.#signal)) {
      yield {
        fqn: tag.fullyQualifiedName ?? tag.name,
        id: tag.id,
        description: tag.description ?? '',
        deleted: tag.deleted ?? false,
      };
    }
  }

  async createTag(tag: Parameters<Target['createTag']>[0]): Promise<Stored> {
    return toStored(await this.#client.put('tag', tagBody(tag), this.#signal));
  }

  async describeTag(id: string, description: string, held: string): Promise<void> {
    const path = '/description';
    const operations = [
      { op: 'test' as const, path, value: held },
      { op: 'replace' as const, path, value: description },
    ];
    await this.#client.patch('tag', id, operations, this.#signal);
  }

  hasCustomProperty(type: AssetType, name: string): Promise<boolean> {
    return this.#client.hasCustomProperty(type, name, this.#signal);
  }

  async createCustomProperty(type: AssetType, name: string, description: string): Promise<void> {
    await this.#client.ensureCustomProperty(type, name, description, 'string', this.#signal);
  }

  async findOwner(nameOrMail: string): Promise<OwnerReference | undefined> {
    const owner = await this.#client.findOwner(nameOrMail, this.#signal);
    if (!owner) return undefined;
    const type = owner.type === 'team' ? 'team' : 'user';
    return { id: owner.id, type, ...(owner.name !== undefined && { name: owner.name }) };
  }

  async readEdge(from: Endpoint, to: Endpoint): Promise<EdgeDetails | undefined> {
    const details = await this.#edges(from, to);
    return details && ({ ...details, columnsLineage: details.columnsLineage ?? [] } as EdgeDetails);
  }

  async putEdge(from: Endpoint, to: Endpoint, details: EdgeDetails): Promise<void> {
    await this.#client.putLineage(
      {
        from: { id: from.id, type: 'table' },
        to: { id: to.id, type: 'table' },
        details: details as LineageDetails,
      },
      this.#signal,
    );
  }

  async #isBot(userName: string): Promise<boolean> {
    return (await this.#client.getUser(userName, this.#signal))?.isBot ?? false;
  }

  #read(type: AssetType, entity: Entity): TargetAsset {
    return type === 'table' ? readTable(entity as TableEntity, this.#capabilities) : readAsset(entity);
  }

  #body(asset: DesiredAsset): Body {
    const { name, displayName, description, owner, extension } = asset;
    const common = {
      name,
      ...(displayName !== undefined && { displayName }),
      ...(description !== undefined && { description }),
      ...(asset.tags.length > 0 && { tags: asset.tags.map(confirmed) }),
      ...(owner && { owners: [{ id: owner.id, type: owner.type }] }),
      ...(Object.keys(extension).length > 0 && { extension }),
    };
    if (asset.entityType === 'database')
      return databaseBody({ ...common, service: asset.parentFqn }, this.#capabilities);
    if (asset.entityType === 'databaseSchema') {
      return schemaBody({ ...common, database: asset.parentFqn }, this.#capabilities);
    }
    const { tableType, viewDefinition, columns } = asset;
    const table = {
      ...common,
      databaseSchema: asset.parentFqn,
      ...(tableType !== undefined && { tableType }),
      ...(viewDefinition !== undefined && { viewDefinition }),
      columns: (columns ?? []).map(toColumn),
    };
    return { ...asset.carried, ...tableBody(table, this.#capabilities) };
  }

  #operation(operation: PatchOperation): PatchOperation {
    if (operation.path !== '/owners' || this.#capabilities.ownerKey === 'owners') return operation;
    return { op: operation.op, path: '/owner', value: (operation.value as readonly unknown[])[0] };
  }
}

function toStored(entity: Entity): Stored {
  return { id: entity.id, ...(entity.version !== undefined && { version: entity.version }) };
}

function toColumn({ tags, ...column }: DesiredColumn): TargetColumn {
  return { ...column, ...(tags.length > 0 && { tags: tags.map(confirmed) }) } as TargetColumn;
}
