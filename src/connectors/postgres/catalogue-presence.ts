import type { GoneCandidate, Presence } from '../source.ts';
import { type DatabaseRow, databasesQuery } from './catalogue-queries.ts';
import type { CatalogueSpool } from './catalogue-spool.ts';
import type { PostgresSession } from './postgres-session.ts';
import { parseSourceId, type SourceId } from './source-ids.ts';

const relationsQuery = 'SELECT oid FROM pg_class WHERE oid = ANY ($1::oid[])';
const schemasQuery = 'SELECT oid FROM pg_namespace WHERE oid = ANY ($1::oid[])';
/** What views read, with the partitioned table in place of its partitions. */
const readsQuery = `
  SELECT DISTINCT r.ev_class AS view, coalesce(pg_partition_root(d.refobjid), d.refobjid)::oid AS source
  FROM pg_rewrite r
  JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
  WHERE r.ev_class = ANY ($1::oid[]) AND r.rulename = '_RETURN'`;
const columnsQuery = `
  SELECT c.oid, (SELECT coalesce(json_agg(a.attname), '[]') FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS names
  FROM pg_class c WHERE c.oid = ANY ($1::oid[])`;

export interface PresenceOptions {
  /** Where the server is asked which databases it has. */
  readonly database: string;
  readonly open: (database: string, signal: AbortSignal) => Promise<PostgresSession>;
  /** What was told in this run; nothing before it was read. */
  readonly spool: CatalogueSpool | undefined;
}

/** Asks the catalogue for single things, by their oids: the last look before something is deleted. */
export class CataloguePresence {
  readonly #options: PresenceOptions;

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  /** @returns the outcome of each, in their order; never throws for a failed answer */
  async confirmGone(candidates: readonly GoneCandidate[], signal: AbortSignal): Promise<readonly Presence[]> {
    const outcomes = candidates.map((candidate): Presence => (this.#wasRenamed(candidate) ? 'gone' : 'unknown'));
    const asked = candidates.flatMap((candidate, at) => {
      const id = parseSourceId(candidate.id);
      return id && outcomes[at] === 'unknown' ? [{ candidate, id, at }] : [];
    });
    const databases = await this.#databases(signal);
    if (!databases) return outcomes;
    for (const [oid, group] of Map.groupBy(asked, ({ id }) => id.database)) {
      const row = databases.get(oid);
      const answers = row ? await this.#within(row, group, signal) : group.map((): Presence => 'gone');
      group.forEach(({ at }, i) => {
        outcomes[at] = answers[i]!;
      });
    }
    return outcomes;
  }

  /** Told in this run under another name: what it was called before is gone. */
  #wasRenamed({ kind, id, ends }: GoneCandidate): boolean {
    const { spool } = this.#options;
    if (kind !== 'lineage') return spool?.holds(id) ?? false;
    return ends?.from !== undefined && ends.to !== undefined && (spool?.holdsEdge(ends.from, ends.to) ?? false);
  }

  async #within(
    row: DatabaseRow,
    group: readonly { readonly candidate: GoneCandidate; readonly id: SourceId }[],
    signal: AbortSignal,
  ): Promise<Presence[]> {
    const ofKind = (kind: SourceId['kind']): number[] =>
      group.flatMap(({ id }) => (id.kind === kind && id.kind !== 'database' ? [id.oid] : []));
    const answer = await this.#ask(row.name, signal, async (session) => ({
      relations: await oidsOf(session, relationsQuery, ofKind('table')),
      schemas: await oidsOf(session, schemasQuery, ofKind('schema')),
      reads: await session.rows<{ view: number; source: number }>(readsQuery, [ofKind('table')]),
    }));
    return group.map(({ candidate, id }): Presence => {
      if (id.kind === 'database') return 'there';
      if (!answer) return 'unknown';
      if (id.kind === 'schema') return answer.schemas.has(id.oid) ? 'there' : 'gone';
      if (!answer.relations.has(id.oid)) return 'gone';
      if (candidate.kind !== 'lineage') return 'there';
      const from = parseSourceId(candidate.ends?.from ?? '');
      if (from?.kind !== 'table') return 'unknown';
      return answer.reads.some(({ view, source }) => view === id.oid && source === from.oid) ? 'there' : 'gone';
    });
  }

  /** Names of the columns that some tables have now, by their ids. */
  async liveParts(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>> {
    const parts = new Map<string, readonly string[]>();
    const asked = ids.flatMap((id) => {
      const parsed = parseSourceId(id);
      return parsed?.kind === 'table' ? [{ id, ...parsed }] : [];
    });
    const databases = await this.#databases(signal);
    for (const [oid, group] of Map.groupBy(asked, ({ database }) => database)) {
      const row = databases?.get(oid);
      const oids = group.map((table) => table.oid);
      const rows =
        row && (await this.#ask(row.name, signal, (session) => session.rows<ColumnsRow>(columnsQuery, [oids])));
      const names = new Map(rows?.map((table) => [table.oid, table.names]));
      for (const table of group) {
        const found = names.get(table.oid);
        if (found) parts.set(table.id, found);
      }
    }
    return parts;
  }

  async #databases(signal: AbortSignal): Promise<ReadonlyMap<number, DatabaseRow> | undefined> {
    const rows = await this.#ask(this.#options.database, signal, (session) =>
      session.rows<DatabaseRow>(databasesQuery),
    );
    return rows && new Map(rows.map((row) => [row.oid, row]));
  }

  /** Undefined where there is no answer to be had. */
  async #ask<Answer>(
    database: string,
    signal: AbortSignal,
    work: (session: PostgresSession) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    try {
      const session = await this.#options.open(database, signal);
      try {
        return await work(session);
      } finally {
        await session.close();
      }
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  }
}

interface ColumnsRow {
  readonly oid: number;
  readonly names: readonly string[];
}

async function oidsOf(session: PostgresSession, query: string, oids: readonly number[]): Promise<ReadonlySet<number>> {
  if (oids.length === 0) return new Set();
  return new Set((await session.rows<{ oid: number }>(query, [oids])).map(({ oid }) => oid));
}
