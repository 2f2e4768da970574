import { AuthenticationError, ConfigurationError, type MeridianError } from '../../errors.ts';
import {
  type AssetKind,
  type AssetRecord,
  type PipelineRunRecord,
  type RecordKind,
  type ServiceKind,
  type ServiceRecord,
  type SourceRecord,
  serviceKindOf,
  type TermRelationRecord,
} from '../../model/records.ts';
import type { Entity } from '../../openmetadata/entities.ts';
import { kindFacts } from '../../openmetadata/kind-facts.ts';
import { listService } from '../../openmetadata/list-service.ts';
import type { OpenMetadataClient } from '../../openmetadata/openmetadata-client.ts';
import { assetFields, readAsset } from '../../openmetadata/read-asset.ts';
import type { SourceContext } from '../source.ts';
import { assetRecord } from './asset-records.ts';
import { suggestions } from './label-records.ts';
import { reportLeftOut } from './left-out.ts';
import { LineageReading } from './lineage-records.ts';
import { namesOf, rawName } from './name-paths.ts';
import type { ReadSelection } from './openmetadata-connector.ts';
import { ownerWords } from './owners.ts';
import { PropertyDefinitions } from './property-definitions.ts';
import { ReadingSpool } from './reading-spool.ts';
import { runRecord } from './run-record.ts';
import { tagRecords } from './vocabulary-records.ts';

/** Rows of assets a page: each carries its columns, labels and owners. */
const pageSize = 100;

/** Kinds that live in services, the outer before the inner. */
const kindsInServices: readonly AssetKind[] = [
  'database',
  'databaseSchema',
  'table',
  'topic',
  'container',
  'mlmodel',
  'pipeline',
];

/** What of other kinds is not told either when something of a kind could not be read. */
const restsOn: Readonly<Partial<Record<RecordKind, readonly RecordKind[]>>> = {
  glossary: ['glossaryTerm', 'termRelation'],
  glossaryTerm: ['termRelation'],
  table: ['lineage'],
  topic: ['lineage'],
  container: ['lineage'],
  mlmodel: ['lineage'],
  pipeline: ['lineage', 'pipelineRun'],
};

export interface ReadingParts {
  /** Connected. */
  readonly client: OpenMetadataClient;
  readonly selection: ReadSelection;
  /** Requests at once, for what is asked one by one. */
  readonly concurrency: number;
  readonly context: SourceContext;
}

/** One reading of a server from beginning to end. Pages are read one ahead of their use, and never a request an asset, lineage apart. */
export class OpenMetadataReading {
  readonly #parts: ReadingParts;
  readonly #spool = new ReadingSpool();
  readonly #services = new Map<ServiceKind, Entity[]>();
  readonly #relations: TermRelationRecord[] = [];
  #properties = new PropertyDefinitions();

  constructor(parts: ReadingParts) {
    this.#parts = parts;
  }

  /** @throws ConfigurationError `openmetadata-source.no-service` */
  async *records(): AsyncGenerator<SourceRecord> {
    const { client, selection, context, concurrency } = this.#parts;
    const { signal } = context;
    for (const kind of selection.services.keys()) this.#services.set(kind, await this.#findServices(kind));
    for (const [kind, services] of this.#services) for (const one of services) yield serviceRecord(kind, one);
    yield* this.#guarded('customProperty', this.#propertyRecords());
    if (selection.tags) yield* this.#guarded('tag', tagRecords(client, signal));
    if (selection.glossaries) yield* this.#vocabularies();
    for (const kind of kindsInServices) yield* this.#guarded(kind, this.#assets(kind));
    yield* new LineageReading(client, this.#spool, context).records(concurrency);
    yield* this.#spool.runs();
    await reportLeftOut(client, context);
  }

  /** The kind of an asset that was told, by its id. */
  kindOf(id: string): AssetKind | undefined {
    return this.#spool.told(id)?.kind;
  }

  close(): void {
    this.#spool.close();
  }

  /** What of a kind fails to be read leaves the kind partial; the rest goes on. Who is not let in reads nothing at all. */
  async *#guarded<R extends SourceRecord>(kind: RecordKind, records: AsyncIterable<R>): AsyncGenerator<R> {
    const { signal, report } = this.#parts.context;
    const steps = records[Symbol.asyncIterator]();
    try {
      for (;;) {
        let step: IteratorResult<R>;
        try {
          step = await steps.next();
        } catch (error) {
          signal.throwIfAborted();
          if (error instanceof AuthenticationError || !isExpected(error)) throw error;
          for (const each of [kind, ...(restsOn[kind] ?? [])]) {
            report({ outcome: 'failed', kind: each, reason: 'partial-answer', name: each, message: error.message });
          }
          return;
        }
        if (step.done) return;
        yield step.value;
      }
    } finally {
      await steps.return?.();
    }
  }

  async #findServices(kind: ServiceKind): Promise<Entity[]> {
    const { client, selection, context } = this.#parts;
    const wanted = selection.services.get(kind) ?? [];
    const all: Entity[] = [];
    for await (const service of client.list(kind, { limit: pageSize }, context.signal)) all.push(service);
    const missing = wanted.filter((name) => !all.some((service) => service.name === name));
    if (missing.length > 0) throw noService(kind, missing, all);
    const chosen = wanted.length === 0 ? all : all.filter(({ name }) => wanted.includes(name));
    return chosen.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async *#propertyRecords(): AsyncGenerator<SourceRecord> {
    const { client, context } = this.#parts;
    this.#properties = await PropertyDefinitions.read(client, context.signal);
    yield* this.#properties.records();
  }

  async *#vocabularies(): AsyncGenerator<SourceRecord> {
    yield* this.#guarded('glossary', this.#listed('glossary', ''));
    const glossaries = [...this.#spool.all(['glossary'])];
    yield* this.#guarded('glossaryTerm', this.#terms(glossaries.map(({ fqn }) => fqn)));
    yield* this.#relations;
  }

  /** Terms of one glossary after the other, the outer before the inner. */
  async *#terms(glossaries: readonly string[]): AsyncGenerator<AssetRecord> {
    for (const glossary of glossaries) yield* this.#byDepth('glossaryTerm', glossary);
  }

  async *#assets(kind: AssetKind): AsyncGenerator<AssetRecord> {
    const { client, context } = this.#parts;
    const { signal, progress } = context;
    const services = this.#services.get(serviceKindOf(kind)!) ?? [];
    if (services.length === 0) return;
    let total = 0;
    for (const service of services) total += await client.count(kind, { filters: filterOf(kind, service) }, signal);
    let read = 0;
    progress(kind, read, total);
    for (const service of services) {
      const name = service.fullyQualifiedName ?? service.name;
      const records = kind === 'container' ? this.#byDepth(kind, name) : this.#listed(kind, name);
      for await (const record of records) {
        read += 1;
        progress(kind, read, total);
        yield record;
      }
    }
  }

  /** Everything of a kind below a service or glossary, with all its fields. */
  async *#entities(kind: AssetKind, holder: string): AsyncGenerator<Entity> {
    const { client, context } = this.#parts;
    const fields = [...assetFields(client.capabilities, kind), ...(kind === 'pipeline' ? ['pipelineStatus'] : [])];
    const options = { fields, limit: pageSize };
    const filter = kindFacts[kind].listFilter;
    // Terms are filtered in another way on each version.
    const rows =
      kind === 'glossaryTerm'
        ? listService(client, kind, holder, fields, context.signal)
        : client.list(kind, { ...options, ...(filter && { filters: { [filter]: holder } }) }, context.signal);
    for await (const entity of rows) if (!entity.deleted) yield entity;
  }

  async *#listed(kind: AssetKind, holder: string): AsyncGenerator<AssetRecord> {
    for await (const entity of this.#entities(kind, holder)) {
      const record = await this.#record(kind, entity);
      if (record) yield record;
    }
  }

  async *#byDepth(kind: AssetKind, holder: string): AsyncGenerator<AssetRecord> {
    for await (const entity of this.#entities(kind, holder)) {
      this.#spool.putAside(namesOf(entity.fullyQualifiedName ?? entity.name).length, entity);
    }
    for (const entity of this.#spool.takeAside()) {
      const record = await this.#record(kind, entity);
      if (record) yield record;
    }
  }

  /** @returns undefined for what was told before: a page may repeat a row */
  async #record(kind: AssetKind, entity: Entity): Promise<AssetRecord | undefined> {
    const { client, context } = this.#parts;
    const { report, signal } = context;
    const asset = readAsset(kind, entity, client.capabilities);
    const { id, fqn, owners, extension = {} } = asset;
    if (!this.#spool.tell({ id, kind, fqn })) return undefined;
    const skipped = (reason: string, message: string, name = fqn, count = 1): void =>
      report({ outcome: 'skipped', kind, reason, name, message, count });
    const suggested = suggestions(asset);
    if (suggested > 0) {
      skipped('suggested-labels', 'labels that are suggested and not accepted stay behind', fqn, suggested);
    }
    const [owner, ...others] = owners;
    if (others.length > 0) skipped('more-owners', 'of several owners the first is taken');
    const properties = this.#properties.values(kind, extension, (name, type) =>
      skipped(
        'property-type-left-out',
        'values of this type of custom property stay behind',
        `${fqn}: ${name} (${type})`,
      ),
    );
    const record = assetRecord(kind, asset, {
      ...(owner && (await ownerWords(client, owner, signal))),
      ...(properties && { properties }),
    });
    if (record.kind === 'glossaryTerm') {
      const related = (asset.lists?.['relatedTerms'] ?? []).map(namesOf);
      const { path, provenance } = record;
      this.#relations.push({ kind: 'termRelation', path, related, provenance });
    }
    if (record.kind === 'pipeline') {
      const run: PipelineRunRecord | undefined = runRecord(record, entity['pipelineStatus']);
      if (run) this.#spool.addRun(run);
    }
    return record;
  }
}

function filterOf(kind: AssetKind, { fullyQualifiedName, name }: Entity): Readonly<Record<string, string>> {
  const { listFilter } = kindFacts[kind];
  return listFilter ? { [listFilter]: fullyQualifiedName ?? name } : {};
}

function serviceRecord(kind: ServiceKind, service: Entity): ServiceRecord {
  const { name, displayName, description } = service;
  return {
    kind,
    path: [rawName(name)],
    serviceType: String(service['serviceType']),
    isExact: true,
    ...(displayName && displayName !== name && { displayName }),
    ...(description && { description }),
  };
}

/** What a server may answer; anything else is a mistake of ours and is not to be hidden. */
function isExpected(error: unknown): error is MeridianError {
  return error instanceof Error && 'code' in error && 'help' in error;
}

function noService(kind: ServiceKind, missing: readonly string[], all: readonly Entity[]): ConfigurationError {
  const names = all.map(({ name }) => name).sort();
  const there = names.length === 0 ? 'none at all' : names.slice(0, 20).join(', ');
  return new ConfigurationError(
    'openmetadata-source.no-service',
    `OpenMetadata (source) has no ${kind.replace('Service', ' service')} “${missing.join('”, “')}”.`,
    { help: `Correct ${kind}Name in serviceConnection, or leave it out to read all of them. There is: ${there}.` },
  );
}
