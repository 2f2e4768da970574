import type { MetadataService } from '../connectors/connector.ts';
import { ConfigurationError } from '../errors.ts';
import {
  type AssetKind,
  type AssetRecord,
  type ServiceKind,
  type ServiceRecord,
  serviceKindOf,
} from '../model/records.ts';
import { serviceName } from '../reconcile/desired.ts';
import type { AssetType } from '../reconcile/target-asset.ts';
import { assetFqn } from '../reconcile/target-naming.ts';
import type { RunContext } from './run-context.ts';
import type { TargetServiceKind } from './target.ts';
import { undoneKey } from './undo/undo-marks.ts';

/** What lives in a service of each kind, the outer before the inner. */
const assetsOf: Readonly<Record<ServiceKind, readonly AssetType[]>> = {
  databaseService: ['database', 'databaseSchema', 'table'],
  messagingService: ['topic'],
  storageService: ['container'],
  pipelineService: ['pipeline'],
  mlmodelService: ['mlmodel'],
};

/** Type of a service that a source did not announce. */
const customType: Readonly<Record<ServiceKind, string>> = {
  databaseService: 'CustomDatabase',
  messagingService: 'CustomMessaging',
  storageService: 'CustomStorage',
  pipelineService: 'CustomPipeline',
  mlmodelService: 'CustomMlModel',
};

const inWords: Readonly<Record<ServiceKind, string>> = {
  databaseService: 'database service',
  messagingService: 'messaging service',
  storageService: 'storage service',
  pipelineService: 'pipeline service',
  mlmodelService: 'ML model service',
};

/** What one process of a run knows of the services, for the others. */
export interface KnownServices {
  /** Services and glossaries that the run has to do with, by kind and name. */
  readonly ready: readonly string[];
  /** Of those of assets, whether nothing was remembered of what they hold: then all of it is needed. */
  readonly full: Readonly<Record<string, boolean>>;
}

/** Where in a service a process's tables are: FQNs of schemas or databases, and how many there are. */
export type TablesWithin = (service: string) => readonly { readonly fqn: string; readonly count: number }[] | undefined;

/** Rows that one request of a listing brings, about. */
const rowsPerPage = 500;

/**
 * The target's services and glossaries: found, or made, and what they hold indexed. A service whose id has changed is
 * another one: what state knew of it is forgotten.
 */
export class ServiceStage {
  readonly #context: RunContext;
  readonly #ready = new Set<string>();
  readonly #full: Record<string, boolean> = {};
  #shared: KnownServices = { ready: [], full: {} };
  #within: TablesWithin = () => undefined;

  constructor(context: RunContext) {
    this.#context = context;
  }

  /** What this process has found, for the others of its run. */
  get known(): KnownServices {
    return { ready: [...this.#ready], full: this.#full };
  }

  /** Takes what another process of the run has found: its services are found no more, only what they hold is listed. */
  adopt(shared: KnownServices, within: TablesWithin): void {
    this.#shared = shared;
    this.#within = within;
  }

  /** Whether another process of the run has found a service, and counted it. */
  isAdopted(record: ServiceRecord): boolean {
    return `${record.kind}.${serviceName(record, this.#context.desired.naming)}` in this.#shared.full;
  }

  /** Takes services as found, without a look at what they hold. */
  markReady(keys: readonly string[]): void {
    for (const key of keys) this.#ready.add(key);
  }

  /** The metadata service that a recipe names, such as one of type `Atlas`; made when missing, in both modes. */
  async ensureMetadataService(name: string, type: string, connection: MetadataService): Promise<void> {
    const { target, write, journal } = this.#context;
    const encoded = this.#context.desired.naming.service(name).name;
    const found = await target.findService('metadataService', encoded);
    if (found && !found.deleted) return this.#isThere('metadataService', encoded);
    const undone = await this.#context.undone.runOf('metadataService', encoded);
    if (undone !== undefined) return this.#staysUndone('metadataService', encoded, undone);
    const entry = {
      action: found ? ('restore' as const) : ('create' as const),
      entityType: 'metadataService' as const,
      fqn: encoded,
    };
    if (write) {
      await journal.note(entry);
      await target.createService('metadataService', encoded, type, { ...connection });
    }
    this.#context.done({
      ...entry,
      reason: 'the recipe’s serviceName is not in OpenMetadata yet',
      fields: [],
    });
  }

  async handle(record: ServiceRecord): Promise<void> {
    const { target, policy, write, journal } = this.#context;
    const { kind, serviceType, displayName, description } = record;
    const name = serviceName(record, this.#context.desired.naming);
    const key = `${kind}.${name}`;
    if (this.#ready.has(key)) return;
    const full = this.#shared.full[key];
    if (full !== undefined) {
      this.#ready.add(key);
      return this.#index(assetsOf[kind], name, full);
    }
    const found = await target.findService(kind, name);
    const live = found && !found.deleted;
    const undone = await this.#context.undone.runOf(kind, name);
    if (!live && undone !== undefined) {
      this.#ready.add(key);
      return this.#staysUndone(kind, name, undone);
    }
    if (undone !== undefined) await this.#isThere(kind, name);
    if (!live && policy.mode === 'enrich') throw missingService(kind, name);
    const action = live ? 'unchanged' : found ? 'restore' : 'create';
    if (!live && write) await journal.note({ action, entityType: kind, fqn: name });
    const words = {
      ...(displayName !== undefined && { displayName }),
      ...(description !== undefined && { description }),
      ...(record.isExact && { isExact: true }),
    };
    const made =
      live || !write ? found : await target.createService(kind, name, serviceType, record.connection ?? {}, words);
    this.#context.done({
      action,
      entityType: kind,
      fqn: name,
      reason: live ? 'in step' : 'not in OpenMetadata yet',
      fields: [],
    });
    if (made) await this.#open(`service.${key}`, made.id, assetsOf[kind], name, found !== undefined);
    this.#ready.add(key);
  }

  /** Somebody has brought it back: that it was undone is history. */
  async #isThere(type: TargetServiceKind, name: string): Promise<void> {
    const { undone, state, write } = this.#context;
    if (write && (await undone.runOf(type, name)) !== undefined) await state.setMeta(undoneKey(type, name), undefined);
  }

  #staysUndone(entityType: TargetServiceKind, fqn: string, run: string): void {
    this.#context.done({ action: 'kept', entityType, fqn, reason: `undone with run ${run}`, fields: [] });
  }

  /** Fails unless what a record lives in was announced before it, or can be found or made. */
  async ready(record: AssetRecord): Promise<void> {
    const kind = serviceKindOf(record.kind);
    if (kind === undefined) return this.#readyGlossary(record.path[0]!);
    const name = this.#context.desired.naming.service(record.path[0]!).name;
    if (this.#ready.has(`${kind}.${name}`)) return;
    await this.handle({ kind, path: [record.path[0]!], serviceType: customType[kind] });
  }

  /** Whether this run has to do with the service (or glossary) of such an asset at all. */
  has(kind: AssetKind, rawName: string): boolean {
    const service = serviceKindOf(kind);
    const { naming } = this.#context.desired;
    if (service) return this.#ready.has(`${service}.${naming.service(rawName).name}`);
    return this.#ready.has(`glossary.${assetFqn({ kind: 'glossary', path: [rawName] }, naming)}`);
  }

  async #readyGlossary(rawName: string): Promise<void> {
    const { target, scratch, desired } = this.#context;
    const fqn = assetFqn({ kind: 'glossary', path: [rawName] }, desired.naming);
    const key = `glossary.${fqn}`;
    if (this.#ready.has(key)) return;
    this.#ready.add(key);
    const asset = await target.readAsset('glossary', { fqn });
    if (!asset) return;
    scratch.indexTarget('glossary', fqn, { id: asset.id, version: asset.version, deleted: asset.deleted, asset });
    await this.#open(key, asset.id, ['glossaryTerm'], fqn, true);
  }

  /** Notes who a holder is, and indexes what it holds. */
  async #open(key: string, id: string, types: readonly AssetType[], name: string, existed: boolean): Promise<void> {
    const { state, lazy, part } = this.#context;
    const known = await state.getMeta(key);
    if (known !== undefined && known !== id) {
      await state.forgetService(types, name);
      // What an incremental run does not read would be missing there for good.
      this.#context.baseLost = this.#context.lazy;
    }
    if (known !== id) await state.setMeta(key, id);
    if (lazy || (!existed && !part)) return;
    // With a base, names and versions tell what nobody has touched since; without one everything is needed.
    const full = known !== id || (await this.#countAssets(types)) === 0;
    if (part) this.#full[key.replace(/^service\./, '')] = full;
    if (existed) await this.#index(types, name, full);
  }

  async #countAssets(types: readonly AssetType[]): Promise<number> {
    let count = 0;
    for (const type of types) count += await this.#context.state.countAssets(type);
    return count;
  }

  async #index(types: readonly AssetType[], holder: string, full: boolean): Promise<void> {
    const { target, pool, part } = this.#context;
    for (const type of types) {
      // Tables are listed by who reads them.
      if (type === 'table' && part?.work === 'around') continue;
      const count = await target.countAssets(type, holder);
      if (count === 0) continue;
      const places = type === 'table' ? this.#placesOf(holder, count) : undefined;
      if (!places) await this.#list(type, holder, full);
      for (const place of places ?? []) await pool.add(() => this.#list(type, place, full));
      await pool.drain();
    }
  }

  /** Where this process's tables are, if to list them there takes hardly more requests than to list the service. */
  #placesOf(service: string, tables: number): readonly string[] | undefined {
    const within = this.#within(service);
    if (!within) return undefined;
    const requests = within.reduce((sum, { count }) => sum + 1 + Math.floor(count / rowsPerPage), 0);
    return requests <= 2 * Math.ceil(tables / rowsPerPage) ? within.map(({ fqn }) => fqn) : undefined;
  }

  async #list(type: AssetType, holder: string, full: boolean): Promise<void> {
    const { target, scratch, signal } = this.#context;
    for await (const asset of target.listAssets(type, holder, full)) {
      signal.throwIfAborted();
      const { id, version, deleted } = asset;
      scratch.indexTarget(type, asset.fqn, { id, version, deleted, ...(full && { asset }) });
    }
  }
}

function missingService(kind: ServiceKind, name: string): ConfigurationError {
  const settings: Partial<Record<ServiceKind, string>> = {
    databaseService: 'databaseServiceName',
    messagingService: 'messagingServiceName',
  };
  return new ConfigurationError('target.service-missing', `OpenMetadata has no ${inWords[kind]} “${name}”.`, {
    help:
      'Create it in OpenMetadata (Settings, Services) and ingest it with its own connector first, correct ' +
      `${settings[kind] ?? 'meridian.services'} in the recipe, or let Meridian create it with "meridian: {mode: create}".`,
  });
}
