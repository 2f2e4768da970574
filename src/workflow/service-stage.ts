import { ConfigurationError } from '../errors.ts';
import type { ServiceRecord } from '../model/records.ts';
import { serviceName } from '../reconcile/desired.ts';
import type { AssetType } from '../reconcile/target-asset.ts';
import type { RunContext } from './run-context.ts';

const assetTypes: readonly AssetType[] = ['database', 'databaseSchema', 'table'];

/**
 * The target's services: found, or made in create mode, and what they hold indexed. A service whose id has changed is
 * another one: what state knew of it is forgotten.
 */
export class ServiceStage {
  readonly #context: RunContext;
  readonly #ready = new Set<string>();

  constructor(context: RunContext) {
    this.#context = context;
  }

  /** The Atlas metadata service that a recipe names; made when missing, in both modes. */
  async ensureMetadataService(name: string, connection: Readonly<Record<string, unknown>>): Promise<void> {
    const { target, write } = this.#context;
    const encoded = this.#context.desired.naming.service(name).name;
    const found = await target.findService('metadataService', encoded);
    if (found && !found.deleted) return;
    if (write) await target.createService('metadataService', encoded, 'Atlas', connection);
    this.#context.done({
      action: 'create',
      entityType: 'metadataService',
      fqn: encoded,
      reason: 'the recipe’s serviceName is not in OpenMetadata yet',
      fields: [],
    });
  }

  async handle(record: ServiceRecord): Promise<void> {
    const { target, policy, state, write } = this.#context;
    const name = serviceName(record, this.#context.desired.naming);
    if (this.#ready.has(name)) return;
    const found = await target.findService('databaseService', name);
    if (!found || found.deleted) {
      if (policy.mode === 'enrich') throw missingService(name);
      const made = write ? await target.createService('databaseService', name, record.serviceType, {}) : undefined;
      this.#context.done({
        action: found ? 'restore' : 'create',
        entityType: 'databaseService',
        fqn: name,
        reason: 'not in OpenMetadata yet',
        fields: [],
      });
      if (write) await this.#identify(name, made!.id);
      this.#ready.add(name);
      if (!found) return;
    } else {
      this.#context.done({
        action: 'unchanged',
        entityType: 'databaseService',
        fqn: name,
        reason: 'in step',
        fields: [],
      });
    }
    if (found) {
      const known = await state.getMeta(`service.${name}`);
      const sameService = known === undefined || known === found.id;
      const full = !sameService || !(await this.#knowsAssets(name));
      await this.#identify(name, found.id);
      await this.#index(name, full);
    }
    this.#ready.add(name);
  }

  /** Fails unless the source announced the service of a record before the record. */
  async ready(rawName: string): Promise<void> {
    const name = this.#context.desired.naming.service(rawName).name;
    if (!this.#ready.has(name)) {
      await this.handle({ kind: 'databaseService', path: [rawName], serviceType: 'CustomDatabase' });
    }
  }

  async #identify(name: string, id: string): Promise<void> {
    const { state } = this.#context;
    const known = await state.getMeta(`service.${name}`);
    if (known === id) return;
    if (known !== undefined) await state.forgetService(assetTypes, name);
    await state.setMeta(`service.${name}`, id);
  }

  async #knowsAssets(name: string): Promise<boolean> {
    const { state } = this.#context;
    return (await state.getMeta(`service.${name}`)) !== undefined && (await state.countAssets()) > 0;
  }

  /**
   * Lists what the service holds. Without a base everything is needed; with one, names and versions tell what nobody
   * has touched since.
   */
  async #index(service: string, full: boolean): Promise<void> {
    const { target, scratch, signal } = this.#context;
    for (const type of assetTypes) {
      if ((await target.countAssets(type, service)) === 0) continue;
      for await (const asset of target.listAssets(type, service, full)) {
        signal.throwIfAborted();
        const { id, version, deleted } = asset;
        scratch.indexTarget(type, asset.fqn, { id, version, deleted, ...(full && { asset }) });
      }
    }
  }
}

function missingService(name: string): ConfigurationError {
  return new ConfigurationError('target.service-missing', `OpenMetadata has no database service “${name}”.`, {
    help:
      'Create it in OpenMetadata (Settings, Services, Databases) and ingest it with its own connector first, correct ' +
      'databaseServiceName in the recipe, or let Meridian create it with "meridian: {mode: create}".',
  });
}
