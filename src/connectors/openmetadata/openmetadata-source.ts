import { ConfigurationError, MeridianError } from '../../errors.ts';
import type { AssetKind, RecordKind, SourceRecord } from '../../model/records.ts';
import { kindFacts } from '../../openmetadata/kind-facts.ts';
import type { OpenMetadataClient } from '../../openmetadata/openmetadata-client.ts';
import { assetFields, readAsset } from '../../openmetadata/read-asset.ts';
import type { GoneCandidate, Presence, Source, SourceCheck, SourceContext, TargetNames } from '../source.ts';
import { confirmGone } from './confirm-gone.ts';
import { inOrder } from './in-order.ts';
import { rawName } from './name-paths.ts';
import type { ReadSelection } from './openmetadata-connector.ts';
import { OpenMetadataReading } from './openmetadata-reading.ts';
import { openMetadataSpec } from './openmetadata-spec.ts';

export interface OpenMetadataSourceOptions {
  /** Closed with the source. */
  readonly client: OpenMetadataClient;
  readonly selection: ReadSelection;
  /** Requests at once, for what is asked one by one. */
  readonly concurrency: number;
  readonly targetNames: TargetNames;
}

/** An OpenMetadata server as a source. Everything is read each time: what has changed since, no version lists whole. */
export class OpenMetadataSource implements Source {
  readonly emits: readonly RecordKind[] = openMetadataSpec.emits;
  readonly #options: OpenMetadataSourceOptions;
  readonly #client: OpenMetadataClient;
  #reading: OpenMetadataReading | undefined;
  /** Version of the server, once it is known. */
  version: string | undefined;

  constructor(options: OpenMetadataSourceOptions) {
    this.#options = options;
    this.#client = options.client;
  }

  async *test(signal: AbortSignal): AsyncIterable<SourceCheck> {
    let name = 'version of OpenMetadata';
    try {
      const version = await this.#client.readVersion(signal);
      yield { name, ok: true, message: `version ${version}` };
      name = 'sign in';
      const { user } = await this.#client.connect(signal);
      yield { name, ok: true, message: user ? `as ${user.name}` : 'nobody' };
      this.#refuseItself();
      for (const [kind, names] of this.#options.selection.services) {
        name = `read ${kind}s`;
        for (const service of names) {
          if (await this.#client.getByName(kind, service, {}, signal)) continue;
          const help = `Correct ${kind}Name in serviceConnection.`;
          yield { name, ok: false, message: `there is no “${service}”`, help };
          return;
        }
        const count = names.length || (await this.#client.count(kind, {}, signal));
        yield { name, ok: true, message: `${count} services` };
      }
      name = 'read tables';
      yield { name, ok: true, message: `${await this.#client.count('table', {}, signal)} tables on the server` };
    } catch (error) {
      const help = error instanceof MeridianError ? error.help : undefined;
      const message = error instanceof Error ? error.message : String(error);
      yield { name, ok: false, message, ...(help !== undefined && { help }) };
    }
  }

  async *records(context: SourceContext): AsyncIterable<SourceRecord> {
    const { capabilities } = await this.#client.connect(context.signal);
    this.version = capabilities.version.text;
    this.#refuseItself();
    const { selection, concurrency } = this.#options;
    this.#reading = new OpenMetadataReading({ client: this.#client, selection, concurrency, context });
    yield* this.#reading.records();
  }

  confirmGone(candidates: readonly GoneCandidate[], signal: AbortSignal): Promise<readonly Presence[]> {
    return confirmGone(this.#client, candidates, this.#options.concurrency, signal);
  }

  async liveParts(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>> {
    const parts = new Map<string, readonly string[]>();
    const known = ids.flatMap((id) => {
      const kind = this.#reading?.kindOf(id);
      return kind ? [{ id, kind }] : [];
    });
    const answers = inOrder(known, this.#options.concurrency, async ({ id, kind }) => {
      return [id, await this.#partsOf(kind, id, signal)] as const;
    });
    for await (const [id, names] of answers) if (names) parts.set(id, names);
    return parts;
  }

  requestCount(): number {
    return this.#client.requestCount;
  }

  async close(): Promise<void> {
    this.#reading?.close();
    await this.#client.close();
  }

  async #partsOf(kind: AssetKind, id: string, signal: AbortSignal): Promise<readonly string[] | undefined> {
    if (!kindFacts[kind].parts) return undefined;
    try {
      const { capabilities } = this.#client;
      const entity = await this.#client.getById(kind, id, { fields: assetFields(capabilities, kind) }, signal);
      return entity && (readAsset(kind, entity, capabilities).columns ?? []).map(({ name }) => rawName(name));
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  }

  /** A server that is read into itself would take its own answers for news. */
  #refuseItself(): void {
    const target = this.#options.targetNames.server;
    const { address, user } = this.#client;
    if (!target) return;
    const isSame = target.address.replace(/\/+$/, '') === address.replace(/\/+$/, '');
    if (!isSame && (user === undefined || user.id !== target.userId)) return;
    throw new ConfigurationError(
      'openmetadata-source.same-server',
      `Source and target are the same OpenMetadata server, ${new URL(address).host}.`,
      { help: 'Correct hostPort in serviceConnection (the source) or in openMetadataServerConfig (the target).' },
    );
  }
}
