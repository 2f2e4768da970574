import { RecordError, ResponseError } from '../errors.ts';
import { splitFqn } from '../model/fqn.ts';
import type { AssetType, DesiredAsset } from '../reconcile/target-asset.ts';
import type { BulkOutcome } from '../workflow/target.ts';
import { assetBody, parentContainer } from './asset-body.ts';
import type { Body } from './bodies.ts';
import type { Entity, RowResult, TargetColumn } from './entities.ts';
import { ForeignKeys } from './foreign-keys.ts';
import { KnownIds } from './known-ids.ts';
import type { OpenMetadataClient } from './openmetadata-client.ts';

/** Puts assets, each when what it names is there: the container around it, the tables that its foreign keys point to. */
export class AssetPuts {
  readonly #client: OpenMetadataClient;
  readonly #signal: AbortSignal;
  readonly #keys: ForeignKeys;
  readonly #ids: KnownIds;

  constructor(client: OpenMetadataClient, signal: AbortSignal) {
    this.#client = client;
    this.#signal = signal;
    this.#ids = new KnownIds(async (kind, fqn) => (await client.getByName(kind, fqn, {}, signal))?.id);
    this.#keys = new ForeignKeys(async (fqn) => {
      const table = await client.getByName('table', fqn, { include: 'all' }, signal);
      return table && new Set(((table['columns'] ?? []) as readonly TargetColumn[]).map(({ name }) => name));
    });
  }

  async put(asset: DesiredAsset): Promise<Entity> {
    const changed = asset.entityType === 'glossaryTerm' ? await this.#changeTerm(asset) : undefined;
    if (changed) return changed;
    const usable = await this.#usable(asset);
    const entity = await this.#client.put(asset.entityType, await this.body(usable.asset), this.#signal);
    const { entityType, fqn } = asset;
    if (entityType === 'container' || entityType === 'glossaryTerm') this.#ids.set(entityType, fqn, entity.id);
    const again = await this.#settle(asset, usable.waitsFor);
    return again ?? entity;
  }

  async putAll(type: AssetType, assets: readonly DesiredAsset[]): Promise<readonly BulkOutcome[]> {
    const outcomes = new Map<DesiredAsset, BulkOutcome>();
    for (const level of byDepth(type, assets)) {
      const rows: { asset: DesiredAsset; body: Body; waitsFor: readonly string[] }[] = [];
      for (const asset of level) {
        const usable = await this.#usable(asset);
        try {
          rows.push({ asset, body: await this.body(usable.asset), waitsFor: usable.waitsFor });
        } catch (error) {
          if (!(error instanceof RecordError)) throw error;
          outcomes.set(asset, { fqn: asset.fqn, error });
        }
      }
      const results = await this.#client.bulkPut(
        type,
        rows.map(({ body }) => body),
        this.#signal,
      );
      for (const [i, { asset }] of rows.entries()) outcomes.set(asset, toOutcome(asset.fqn, results[i]!));
      for (const [i, { asset, waitsFor }] of rows.entries()) {
        if (results[i]!.ok) await this.#settle(asset, waitsFor);
      }
    }
    return assets.map((asset) => outcomes.get(asset)!);
  }

  /** @throws RecordError `target.parent-missing` when the container around a container is not there */
  async body(asset: DesiredAsset): Promise<Body> {
    const parent = parentContainer(asset);
    const parentId = parent === undefined ? undefined : await this.idOf('container', parent);
    if (parent === undefined || parentId !== undefined) return assetBody(asset, this.#client.capabilities, parentId);
    throw new RecordError(
      'target.parent-missing',
      `OpenMetadata has no container “${parent}” to hold “${asset.name}”.`,
      { help: 'The container around it was not carried over; the report says why.' },
    );
  }

  /**
   * A PUT sets a term's approval back to what a new one has, so the structure of one that is there is patched.
   * @returns undefined for a term that is new, or deleted
   */
  async #changeTerm({ fqn, carried, attributes }: DesiredAsset): Promise<Entity | undefined> {
    const id = carried && (await this.idOf('glossaryTerm', fqn));
    if (id === undefined) return undefined;
    const operations = Object.entries(attributes ?? {}).map(([key, value]) => {
      return { op: 'add', path: `/${key}`, value } as const;
    });
    return this.#client.patch('glossaryTerm', id, operations, this.#signal);
  }

  /** Id of a container or term; undefined where there is none. */
  idOf(type: 'container' | 'glossaryTerm', fqn: string): Promise<string | undefined> {
    return this.#ids.get(type, fqn);
  }

  async #usable(asset: DesiredAsset): Promise<{ asset: DesiredAsset; waitsFor: readonly string[] }> {
    const checked = asset.entityType === 'table' && this.#client.capabilities.foreignKeysChecked;
    return checked ? await this.#keys.usable(asset) : { asset, waitsFor: [] };
  }

  /** After an asset was put: it waits for others, and others may have waited for it. */
  async #settle(asset: DesiredAsset, waitsFor: readonly string[]): Promise<Entity | undefined> {
    let again: Entity | undefined;
    if (waitsFor.length > 0) {
      this.#keys.wait(asset, waitsFor);
      // One of them may have come meanwhile, the table itself among them.
      const now = await this.#keys.usable(asset);
      if (now.waitsFor.length < waitsFor.length) again = await this.put(asset);
    }
    for (const other of this.#keys.released(asset.fqn)) {
      if (other.fqn !== asset.fqn) await this.put(other).catch(onlyRefusals);
    }
    return again;
  }
}

/** A key that is refused even now is missing at the target, and the next run finds that and says why. */
function onlyRefusals(error: unknown): void {
  if (!(error instanceof ResponseError)) throw error;
}

function toOutcome(fqn: string, { ok, status, message }: RowResult): BulkOutcome {
  if (ok) return { fqn };
  const text = message ?? `OpenMetadata refused it (${status}).`;
  return { fqn, error: new ResponseError('target.bulk-row-refused', text, { status, body: message ?? '' }) };
}

/** Containers from the outermost inwards; other kinds hold nothing of their own kind that travels in bulk. */
function byDepth(type: AssetType, assets: readonly DesiredAsset[]): readonly (readonly DesiredAsset[])[] {
  if (type !== 'container') return [assets];
  const levels = Map.groupBy(assets, ({ parentFqn }) => splitFqn(parentFqn).length);
  return [...levels.entries()].sort(([a], [b]) => a - b).map(([, level]) => level);
}
