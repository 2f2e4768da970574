import { ResponseError } from '../errors.ts';
import { splitFqn } from '../model/fqn.ts';
import { decodeName } from '../model/name-encoding.ts';
import type { NamePath } from '../model/records.ts';
import type { SampleRows } from '../profiler/profiling-engine.ts';
import type { Body } from './bodies.ts';
import type { Entity, TableEntity, TagLabel, TargetColumn } from './entities.ts';
import { type LabelProposal, labelPatch, suggestionBody } from './label-proposal.ts';
import type { OpenMetadataClient } from './openmetadata-client.ts';
import { profileBody, type StoredProfile, sampleDataBody, type UnfitMetric } from './profile-body.ts';
import { isAtLeast } from './server-version.ts';

/** What OpenMetadata holds of how a table is to be profiled. */
export interface TableProfilerConfig {
  readonly profileSample?: number | null;
  readonly profileSampleType?: 'PERCENTAGE' | 'ROWS' | null;
  readonly samplingMethodType?: 'BERNOULLI' | 'SYSTEM' | null;
  readonly sampleDataCount?: number | null;
  readonly randomizedSample?: boolean | null;
  readonly profileQuery?: string | null;
  readonly excludeColumns?: readonly string[] | null;
  readonly includeColumns?:
    | readonly { readonly columnName: string; readonly metrics?: readonly string[] | null }[]
    | null;
  readonly partitioning?: { readonly enablePartitioning?: boolean | null } | null;
  readonly computeTableMetrics?: boolean | null;
  readonly computeColumnMetrics?: boolean | null;
}

export interface ListedColumn {
  /** As the target calls it. */
  readonly name: string;
  /** As the source calls it, where the target's name had to be encoded. */
  readonly sourceName: string;
  readonly dataType: string;
  readonly dataTypeDisplay?: string;
  /** FQNs of its own tags and terms. */
  readonly ownLabels: readonly string[];
  /** Those, and those of what lies within it. */
  readonly labels: readonly string[];
}

/** A table that may be profiled. */
export interface ListedTable {
  readonly id: string;
  readonly fqn: string;
  /** The target's names: service, database, schema, table. */
  readonly path: NamePath;
  /** The same, as the source has them. */
  readonly sourcePath: NamePath;
  readonly tableType: string;
  readonly columns: readonly ListedColumn[];
  readonly labels: readonly string[];
  readonly config: TableProfilerConfig | undefined;
}

export interface StoredOutcome {
  readonly unfit: readonly UnfitMetric[];
}

/** Rows a page: each carries its columns. */
const rowsPerPage = 200;

/** The tables of an OpenMetadata server as a profiler sees them: it lists them, and stores what it found. */
export class ProfiledTables {
  readonly #client: OpenMetadataClient;
  readonly #signal: AbortSignal;
  /** Keys of a profile that this server refuses. */
  readonly #dropped = new Set<string>();
  readonly #onDropped: (key: string) => void;

  /** @param onDropped told once of each metric that the server does not know */
  constructor(client: OpenMetadataClient, signal: AbortSignal, onDropped: (key: string) => void) {
    this.#client = client;
    this.#signal = signal;
    this.#onDropped = onDropped;
  }

  /** From 1.4 on the labels of columns come only with the columns, asked for by name: without them nothing would be masked. */
  get #labelFields(): readonly string[] {
    return isAtLeast(this.#client.capabilities.version, 1, 4) ? ['tags', 'columns'] : ['tags'];
  }

  /** How many tables lie below a service or database. */
  count(fqn: string): Promise<number> {
    return this.#client.count('table', { filters: { database: fqn } }, this.#signal);
  }

  /** The tables below a service or database, page by page. */
  async *list(fqn: string): AsyncGenerator<ListedTable, void, void> {
    const options = { filters: { database: fqn }, limit: rowsPerPage };
    const fields = [...this.#labelFields, 'tableProfilerConfig'];
    let found = this.#client.list('table', { ...options, fields }, this.#signal)[Symbol.asyncIterator]();
    let first: IteratorResult<Entity>;
    try {
      first = await found.next();
    } catch (error) {
      if (!(error instanceof ResponseError) || error.status !== 400) throw error;
      // A server that does not know the field has nothing to say of it.
      found = this.#client
        .list('table', { ...options, fields: this.#labelFields }, this.#signal)
        [Symbol.asyncIterator]();
      first = await found.next();
    }
    try {
      for (let next = first; !next.done; next = await found.next()) {
        const table = this.#listed(next.value as TableEntity);
        if (table) yield table;
      }
    } finally {
      await found.return?.();
    }
  }

  /** A table as it is now; undefined when it is gone. */
  async again({ id }: ListedTable): Promise<ListedTable | undefined> {
    const found = await this.#client.getById('table', id, { fields: this.#labelFields }, this.#signal);
    return found && this.#listed(found as TableEntity);
  }

  /** The request that stores a profile, for the dead-letter file. */
  describeProfile(table: ListedTable, profile: StoredProfile): { method: string; path: string; body: unknown } {
    const { body } = profileBody(profile, this.#client.capabilities, this.#dropped);
    return { method: 'PUT', path: `/v1/tables/${table.id}/tableProfile`, body };
  }

  /**
   * Stores a profile whole: a refused one is half stored, so that it is sent again, under the same time, without the keys
   * that the server does not know.
   */
  async putProfile(table: ListedTable, profile: StoredProfile): Promise<StoredOutcome> {
    for (;;) {
      const { body, unfit } = profileBody(profile, this.#client.capabilities, this.#dropped);
      try {
        await this.#client.putTableProfile(table.id, body, this.#signal);
        return { unfit };
      } catch (error) {
        const key = unknownKey(error);
        if (key === undefined || !holdsKey(body, key)) throw error;
        // Of several tables at once, one tells.
        if (!this.#dropped.has(key)) this.#onDropped(key);
        this.#dropped.add(key);
      }
    }
  }

  describeSampleData(table: ListedTable, rows: SampleRows): { method: string; path: string; body: unknown } {
    return { method: 'PUT', path: `/v1/tables/${table.id}/sampleData`, body: sampleDataBody(rows) };
  }

  /** Replaces the sample rows of a table. @param rows columns by the target's names, masked already */
  async putSampleData(table: ListedTable, rows: SampleRows): Promise<void> {
    await this.#client.putSampleData(table.id, sampleDataBody(rows), this.#signal);
  }

  /** The request that proposes a label, for the dead-letter file; before 1.4 it depends on what the table holds then. */
  describeProposal(
    table: ListedTable,
    proposal: LabelProposal,
  ): { method: string; path: string; body: unknown } | undefined {
    if (!this.#client.capabilities.suggestions) return undefined;
    return {
      method: 'POST',
      path: '/v1/suggestions',
      body: suggestionBody(table.fqn, proposal, this.#client.capabilities),
    };
  }

  /**
   * Proposes a label for a column: as a suggestion to the table's owner, or before 1.4 as a label in the state `Suggested`.
   *
   * @returns false when the column is not there any more, or somebody has set a label of the same vocabulary meanwhile
   */
  async proposeLabel(table: ListedTable, proposal: LabelProposal): Promise<boolean> {
    const { capabilities } = this.#client;
    if (capabilities.suggestions) {
      await this.#client.postSuggestion(suggestionBody(table.fqn, proposal, capabilities), this.#signal);
      return true;
    }
    const held = await this.#client.getById('table', table.id, { fields: this.#labelFields }, this.#signal);
    const patch = labelPatch((held as TableEntity | undefined)?.columns ?? [], proposal, capabilities);
    if (!patch) return false;
    await this.#client.patch('table', table.id, patch, this.#signal);
    return true;
  }

  #listed(entity: TableEntity): ListedTable | undefined {
    const { id, fullyQualifiedName: fqn = entity.name, displayName } = entity;
    const path = splitFqn(fqn);
    if (path.length !== 4) return undefined;
    const { service, entity: rule, column } = this.#client.capabilities.nameLimits;
    const sourcePath = path.map((name, i) => {
      const shown = i === 3 && displayName !== undefined ? { displayName } : {};
      return decodeName({ name, ...shown }, i === 0 ? service : rule);
    });
    const config = entity['tableProfilerConfig'] as TableProfilerConfig | null | undefined;
    return {
      id,
      fqn,
      path,
      sourcePath,
      tableType: entity.tableType ?? 'Regular',
      labels: labelsOf(entity.tags),
      columns: (entity.columns ?? []).map((each) => ({
        name: each.name,
        sourceName: decodeName(
          { name: each.name, ...(each.displayName !== undefined && { displayName: each.displayName }) },
          column,
        ),
        dataType: each.dataType,
        ...(each.dataTypeDisplay !== undefined && { dataTypeDisplay: each.dataTypeDisplay }),
        ownLabels: labelsOf(each.tags),
        labels: [...labelsWithin(each)],
      })),
      config: config ?? undefined,
    };
  }
}

function labelsOf(tags: readonly TagLabel[] | undefined): string[] {
  return (tags ?? []).map(({ tagFQN }) => tagFQN);
}

function* labelsWithin(column: TargetColumn): Iterable<string> {
  yield* labelsOf(column.tags);
  for (const child of column.children ?? []) yield* labelsWithin(child);
}

/** `Unrecognized field "x" (class …)`: the server's JSON mapper. */
function unknownKey(error: unknown): string | undefined {
  if (!(error instanceof ResponseError) || error.status !== 400) return undefined;
  return /Unrecognized field \\?"([^"\\]+)\\?"/.exec(error.body)?.[1];
}

function holdsKey(body: Body, key: string): boolean {
  const { tableProfile, columnProfile } = body as { tableProfile: Body; columnProfile: readonly Body[] };
  return Object.hasOwn(tableProfile, key) || columnProfile.some((each) => Object.hasOwn(each, key));
}
