import type { TargetNames } from '../connectors/source.ts';
import { RecordError } from '../errors.ts';
import { encodeName } from '../model/name-encoding.ts';
import { FieldHistory } from '../reconcile/history.ts';
import type { EdgeDetails } from '../reconcile/merge-lineage.ts';
import type { PatchOperation } from '../reconcile/patch.ts';
import type { AssetType, DesiredAsset, TargetAsset } from '../reconcile/target-asset.ts';
import type { TargetNaming } from '../reconcile/target-naming.ts';
import type { BulkOutcome, Endpoint, PipelineRun, Stored, Target } from '../workflow/target.ts';
import { assetBody } from './asset-body.ts';
import { AssetPuts } from './asset-puts.ts';
import { pipelineRunBody } from './bodies.ts';
import type { Capabilities } from './capabilities.ts';
import { collectionPath } from './collections.ts';
import type { EntityReference, LineageDetails } from './entities.ts';
import { fitAsset } from './fit-asset.ts';
import { fitDetails } from './lineage-body.ts';
import { readLineageEdge } from './lineage-edges.ts';
import { countService, holdsTerms, listService } from './list-service.ts';
import type { OpenMetadataClient } from './openmetadata-client.ts';
import { patchOperations } from './patch-operations.ts';
import { putEdge } from './put-edge.ts';
import { assetFields, readAsset, readHeader } from './read-asset.ts';
import { pageSize, TargetSurroundings, toStored } from './target-surroundings.ts';

const bulkRows = 100;

/** The workflow's target on an OpenMetadata server of any known version. */
export class OpenMetadataTarget extends TargetSurroundings implements Target, TargetNames {
  readonly naming: TargetNaming;
  readonly version: string;
  readonly bulkSize: number;
  readonly #capabilities: Capabilities;
  readonly #edges: (from: Endpoint, to: Endpoint) => Promise<LineageDetails | undefined>;
  readonly #puts: AssetPuts;

  /** @param client connected already */
  constructor(client: OpenMetadataClient, signal: AbortSignal) {
    super(client, signal);
    const { capabilities } = client;
    this.#capabilities = capabilities;
    this.#puts = new AssetPuts(client, signal);
    this.version = capabilities.version.text;
    this.bulkSize = capabilities.bulk ? bulkRows : 0;
    const { service, entity, column, tag, term, field } = capabilities.nameLimits;
    this.naming = {
      service: (raw) => encodeName(raw, service),
      entity: (raw) => encodeName(raw, entity),
      column: (raw) => encodeName(raw, column),
      tag: (raw) => encodeName(raw, tag),
      term: (raw) => encodeName(raw, term),
      field: (raw) => encodeName(raw, field),
    };
    this.#edges = readLineageEdge(client, signal);
  }

  get server(): NonNullable<TargetNames['server']> {
    return { address: this.client.address, userId: this.client.user?.id };
  }

  requestCount(): number {
    return this.client.requestCount;
  }

  fit(asset: DesiredAsset): DesiredAsset {
    return fitAsset(asset, this.#capabilities);
  }

  fitEdge(from: Endpoint, to: Endpoint, details: EdgeDetails): EdgeDetails {
    return fitDetails(details as LineageDetails, endOf(from), endOf(to), this.#capabilities) as EdgeDetails;
  }

  /** Names of the databases that a service holds; undefined when there is no such service. */
  async databases(service: string): Promise<readonly string[] | undefined> {
    const { name } = this.naming.service(service);
    if (!(await this.findService('databaseService', name))) return undefined;
    const names: string[] = [];
    const query = { filters: { service: name }, limit: pageSize };
    for await (const database of this.client.list('database', query, this.signal)) {
      names.push(database.displayName || database.name);
    }
    return names;
  }

  async *listAssets(type: AssetType, service: string, full: boolean): AsyncIterable<TargetAsset> {
    const fields = full ? assetFields(this.#capabilities, type) : [];
    for await (const entity of listService(this.client, type, service, fields, this.signal)) {
      yield full ? readAsset(type, entity, this.#capabilities) : readHeader(entity);
    }
  }

  countAssets(type: AssetType, service: string): Promise<number> {
    return countService(this.client, type, service, this.signal);
  }

  async readAsset(
    type: AssetType,
    by: { readonly id: string } | { readonly fqn: string },
  ): Promise<TargetAsset | undefined> {
    const options = { fields: assetFields(this.#capabilities, type), include: 'all' as const };
    const entity =
      'id' in by
        ? await this.client.getById(type, by.id, options, this.signal)
        : await this.client.getByName(type, by.fqn, options, this.signal);
    return entity && readAsset(type, entity, this.#capabilities);
  }

  async findAssetId(type: AssetType, fqn: string): Promise<string | undefined> {
    return (await this.client.getByName(type, fqn, { fields: [], include: 'all' }, this.signal))?.id;
  }

  async lastAuthorIsBot(type: AssetType, id: string): Promise<boolean> {
    const [newest] = await this.client.versions(type, id, this.signal);
    return newest ? this.#isBot(newest.updatedBy) : false;
  }

  async putAsset(asset: DesiredAsset): Promise<Stored> {
    return toStored(await this.#puts.put(asset));
  }

  async putBesideAnother(asset: DesiredAsset): Promise<Stored> {
    const body = await this.#puts.body(asset);
    const detour = asset.tableType === 'View' ? 'SecureView' : asset.viewDefinition ? 'View' : 'Local';
    await this.client.put('table', { ...body, tableType: detour }, this.signal);
    return toStored(await this.client.put('table', body, this.signal));
  }

  putAssets(type: AssetType, assets: readonly DesiredAsset[]): Promise<readonly BulkOutcome[]> {
    return this.#puts.putAll(type, assets);
  }

  async patchAsset(type: AssetType, id: string, patch: readonly PatchOperation[]): Promise<Stored> {
    const operations = await patchOperations(patch, this.#capabilities, (fqn) => this.#puts.idOf('glossaryTerm', fqn));
    return toStored(await this.client.patch(type, id, operations, this.signal));
  }

  async deleteAsset(type: AssetType, id: string): Promise<Stored | undefined> {
    if (type === 'glossary' || type === 'glossaryTerm') await this.#refuseWithTerms(type, id);
    // What only holds things that are deleted already counts as filled on some servers.
    const deleted = await this.client.softDelete(type, id, true, this.signal);
    return deleted && toStored(deleted);
  }

  async restoreAsset(type: AssetType, id: string): Promise<Stored> {
    return toStored(await this.client.restore(type, id, this.signal));
  }

  async putPipelineRun(pipelineFqn: string, run: PipelineRun): Promise<void> {
    await this.client.putPipelineRun(pipelineFqn, pipelineRunBody(run), this.signal);
  }

  async history(type: AssetType, id: string): Promise<FieldHistory> {
    const versions = await this.client.versions(type, id, this.signal);
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
    const body = assetBody(asset, this.#capabilities);
    return { method: 'PUT', path: `/v1/${collectionPath(asset.entityType)}`, body };
  }

  async readEdge(from: Endpoint, to: Endpoint): Promise<EdgeDetails | undefined> {
    const details = await this.#edges(from, to);
    return details && ({ ...details, columnsLineage: details.columnsLineage ?? [] } as EdgeDetails);
  }

  putEdge(from: Endpoint, to: Endpoint, details: EdgeDetails): Promise<readonly string[]> {
    const edge = { from: endOf(from), to: endOf(to), details: details as LineageDetails };
    return putEdge(edge, (one) => this.client.putLineage(one, this.signal));
  }

  deleteEdge(from: Endpoint, to: Endpoint): Promise<boolean> {
    return this.client.deleteLineage(endOf(from), endOf(to), this.signal);
  }

  async #isBot(userName: string): Promise<boolean> {
    return (await this.client.getUser(userName, this.signal))?.isBot ?? false;
  }

  async #refuseWithTerms(type: 'glossary' | 'glossaryTerm', id: string): Promise<void> {
    if (!(await holdsTerms(this.client, type, id, this.signal))) return;
    const what = type === 'glossary' ? 'The glossary' : 'The term';
    throw new RecordError('target.not-empty', `${what} is gone at the source, but still holds terms in OpenMetadata.`, {
      help: 'Somebody added terms there. Move or delete them in OpenMetadata, and the next run removes what held them.',
    });
  }
}

function endOf({ id, type, fqn }: Endpoint): EntityReference {
  return { id, type, fullyQualifiedName: fqn };
}
