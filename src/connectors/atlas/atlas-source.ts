import { MeridianError } from '../../errors.ts';
import type { SourceRecord } from '../../model/records.ts';
import type { ReadingPart } from '../reading-part.ts';
import type { GoneCandidate, Presence, Source, SourceCheck, SourceContext, TargetNames } from '../source.ts';
import type { AtlasReader } from './atlas-reader.ts';
import { AtlasRun } from './atlas-run.ts';
import { atlasKinds } from './atlas-spec.ts';
import { confirmGone } from './confirm-gone.ts';
import type { TypeRule } from './families/family.ts';
import { fewTypes, selectionOf, selectTypes } from './families/selection.ts';
import { TypeHomes } from './families/type-homes.ts';
import { liveParts } from './live-parts.ts';
import { presentTypes } from './present-types.ts';
import { TypeRegistry } from './type-registry.ts';
import { withLabelTags } from './with-label-tags.ts';

export interface AtlasSourceOptions {
  /** Closed with the source. */
  readonly reader: AtlasReader;
  readonly databaseServiceName: readonly string[];
  /** Topics are read when it names a service. */
  readonly messagingServiceName: readonly string[];
  /** An Atlas type; its subtypes are read with it. DataSet, Asset and Referenceable are everything. */
  readonly entityType: string;
  /** Types beside it. */
  readonly entityTypes?: readonly string[];
  readonly mode: 'enrich' | 'create';
  readonly serviceName: string;
  /** Cluster → `service` or `service.database`. */
  readonly clusters: Readonly<Record<string, string>>;
  /** Family, or `family@site`, → service. */
  readonly services?: Readonly<Record<string, string>>;
  /** What becomes of types of one's own. */
  readonly types?: Readonly<Record<string, TypeRule>>;
  /** Whether processes become pipelines too. */
  readonly pipelines?: boolean;
  readonly columnsBySearchLimit?: number;
  /** Whether glossaries and assignments of their terms are told; `remembered`: assignments, by the places of earlier runs. */
  readonly glossaries?: boolean | 'remembered';
  readonly targetNames: TargetNames;
}

/** The options of one reading, which may be a part of a whole one. */
export interface AtlasReading extends AtlasSourceOptions {
  readonly part?: ReadingPart | undefined;
}

/** Apache Atlas as a source, whatever reads it (1.1 and later; proven on 2.5). */
export class AtlasSource implements Source {
  readonly emits = atlasKinds;
  readonly #options: AtlasSourceOptions;
  readonly #reader: AtlasReader;
  #part: ReadingPart | undefined;
  #covers: (typeName: string) => boolean = () => true;
  /** Version of the server, once it is known. */
  version: string | undefined;

  constructor(options: AtlasSourceOptions) {
    this.#options = options;
    this.#reader = options.reader;
  }

  confirmGone(candidates: readonly GoneCandidate[], signal: AbortSignal): Promise<readonly Presence[]> {
    return confirmGone(this.#reader, candidates, signal);
  }

  /** What an export does not hold may well be on the server: it covers nothing. */
  covers(typeName: string): boolean {
    return this.#reader.holdsAll && this.#covers(typeName);
  }

  liveParts(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>> {
    return liveParts(this.#reader, ids, signal);
  }

  requestCount(): number {
    return this.#reader.requestCount;
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  async *test(signal: AbortSignal): AsyncIterable<SourceCheck> {
    try {
      const version = await this.#reader.version(signal);
      yield { name: this.#reader.firstStep, ok: true, message: `version ${version}` };
      for (const type of await this.#testedTypes(signal)) {
        const count = await this.#reader.count(type, signal);
        yield { name: `read ${type}`, ok: count > 0, message: `${count} entities` };
      }
    } catch (error) {
      const help = error instanceof MeridianError ? error.help : undefined;
      const message = error instanceof Error ? error.message : String(error);
      yield { name: 'Apache Atlas', ok: false, message, ...(help !== undefined && { help }) };
    }
  }

  /** The types that a run would read: all of a few, of many those that have entities. */
  async #testedTypes(signal: AbortSignal): Promise<readonly string[]> {
    const registry = new TypeRegistry(await this.#reader.typeDefs(signal));
    const homes = new TypeHomes(registry, this.#options.types);
    const { assets } = await selectTypes(selectionOf(this.#options), homes, registry, this.#reader, signal);
    const types = [...assets.keys()];
    if (types.length <= fewTypes) return types;
    return [...(await presentTypes(types, this.#reader, signal))].sort();
  }

  countTables(signal: AbortSignal): Promise<number> {
    return AtlasRun.countTables(this.#options, signal);
  }

  readOnly(part: ReadingPart): void {
    this.#part = part;
  }

  records(context: SourceContext): AsyncIterable<SourceRecord> {
    return withLabelTags(this.#records(context));
  }

  async *#records(context: SourceContext): AsyncIterable<SourceRecord> {
    this.version = await this.#reader.version(context.signal);
    const run = await AtlasRun.open({ ...this.#options, part: this.#part }, context);
    this.#covers = (typeName) => run.covers(typeName);
    try {
      yield* run.records();
    } finally {
      run.close();
    }
  }
}
