import { RecordError, ResponseError } from '../errors.ts';
import { splitFqn } from '../model/fqn.ts';
import type { AssetType, DesiredAsset } from '../reconcile/target-asset.ts';
import type { BulkOutcome } from '../workflow/target.ts';
import { assetBody, parentContainer } from './asset-body.ts';
import type { Body } from './bodies.ts';
import type { Entity, RowResult, TargetColumn } from './entities.ts';
import { ForeignKeys, type UsableTable } from './foreign-keys.ts';
import { KnownIds } from './known-ids.ts';
import type { OpenMetadataClient } from './openmetadata-client.ts';

/** Tables put once more in one request. */
const rowsAgain = 100;

/** An asset of a request for many. */
interface Row {
  readonly asset: DesiredAsset;
  readonly body: Body;
  /** FQNs of tables that its foreign keys wait for. */
  readonly waitsFor: readonly string[];
}

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
      const rows: Row[] = [];
      const coming = new Set(level.map(({ fqn }) => fqn));
      for (const asset of level) {
        const usable = await this.#usable(asset, coming);
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
      const again = await this.#settleAll(
        type,
        rows.filter((_, i) => results[i]!.ok),
      );
      for (const asset of level) {
        if (again.has(asset.fqn)) outcomes.set(asset, { ...outcomes.get(asset)!, putAgain: true });
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

  async #usable(asset: DesiredAsset, coming?: ReadonlySet<string>): Promise<UsableTable> {
    return this.#hasKeys(asset) ? await this.#keys.usable(asset, coming) : { asset, waitsFor: [] };
  }

  #hasKeys({ entityType }: Pick<DesiredAsset, 'entityType'>): boolean {
    return entityType === 'table' && this.#client.capabilities.foreignKeysChecked;
  }

  /** After an asset was put: it waits for others, and others may have waited for it. */
  async #settle(asset: DesiredAsset, waitsFor: readonly string[]): Promise<Entity | undefined> {
    if (!this.#hasKeys(asset)) return undefined;
    let again: Entity | undefined;
    this.#keys.arrived(asset);
    if (await this.#mayGoOn(asset, waitsFor)) again = await this.put(asset);
    for (const other of this.#keys.released(asset.fqn)) {
      if (other.fqn !== asset.fqn) await this.put(other).catch(onlyRefusals);
    }
    return again;
  }

  /**
   * The same for what was put together: all that need wait no longer are put again together.
   *
   * @returns FQNs of those that were
   */
  async #settleAll(type: AssetType, rows: readonly Row[]): Promise<ReadonlySet<string>> {
    const again = new Map<string, DesiredAsset>();
    if (!this.#hasKeys({ entityType: type })) return new Set();
    for (const { asset } of rows) this.#keys.arrived(asset);
    for (const { asset, waitsFor } of rows) {
      if (await this.#mayGoOn(asset, waitsFor)) again.set(asset.fqn, asset);
    }
    for (const { asset } of rows) {
      for (const other of this.#keys.released(asset.fqn)) again.set(other.fqn, other);
    }
    const bodies: Body[] = [];
    for (const asset of again.values()) bodies.push(await this.body((await this.#keys.usable(asset)).asset));
    for (let i = 0; i < bodies.length; i += rowsAgain) {
      // A row that is refused even now is found by the next run, which says why.
      await this.#client.bulkPut(type, bodies.slice(i, i + rowsAgain), this.#signal);
    }
    return new Set(again.keys());
  }

  /** Notes what a table waits for, and tells whether some of it has come meanwhile. */
  async #mayGoOn(asset: DesiredAsset, waitsFor: readonly string[]): Promise<boolean> {
    if (waitsFor.length === 0) return false;
    this.#keys.wait(asset, waitsFor);
    return this.#keys.hasCome(asset, waitsFor);
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
