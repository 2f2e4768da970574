import { buildFqn } from '../../model/fqn.ts';
import type { AssetKind, AssetRef, NamePath, SourceRecord } from '../../model/records.ts';
import { type FilterPattern, NameFilter } from './filter-pattern.ts';
import { Filtered, type Processor, type ProcessorOutcome } from './processor.ts';

export interface FilterPatterns {
  readonly databaseFilterPattern?: FilterPattern | undefined;
  readonly schemaFilterPattern?: FilterPattern | undefined;
  readonly tableFilterPattern?: FilterPattern | undefined;
}

export interface FilterSettings {
  /** Each must let a name pass: the pipeline's patterns and the connection's own. */
  readonly patterns: readonly FilterPatterns[];
  /** Match `service.database.schema.table` instead of the last name. */
  readonly useFqnForFiltering: boolean;
  readonly includeTables: boolean;
  readonly includeViews: boolean;
}

interface Level {
  readonly what: 'database' | 'schema' | 'table';
  /** Parts of the path up to and with this level. */
  readonly depth: number;
  readonly filters: readonly NameFilter[];
}

/**
 * Keeps out what the recipe's patterns exclude. What lies inside an excluded schema or database is out with it, and so
 * is lineage that starts or ends there.
 */
export class FilterProcessor implements Processor {
  readonly name = 'filter';
  readonly #levels: readonly Level[];
  readonly #settings: FilterSettings;

  /** @throws ConfigurationError `filter.bad-pattern` */
  constructor(settings: FilterSettings) {
    this.#settings = settings;
    const level = (what: Level['what'], depth: number, key: keyof FilterPatterns): Level => ({
      what,
      depth,
      filters: settings.patterns.flatMap((patterns) => (patterns[key] ? [new NameFilter(patterns[key])] : [])),
    });
    this.#levels = [
      level('database', 2, 'databaseFilterPattern'),
      level('schema', 3, 'schemaFilterPattern'),
      level('table', 4, 'tableFilterPattern'),
    ];
  }

  process(record: SourceRecord): ProcessorOutcome {
    const reason = this.#reason(record);
    return reason === undefined ? record : new Filtered(reason);
  }

  /** Whether the patterns let a place pass: what they keep out cannot be missed. */
  covers(kind: AssetKind, path: NamePath): boolean {
    return kind !== 'database' && kind !== 'databaseSchema' && kind !== 'table' ? true : !this.#rejects(path);
  }

  /** Why a table is kept out, or undefined when it may pass. */
  rejectsTable(path: NamePath, tableType: string | undefined): string | undefined {
    return this.#rejects(path) ?? this.#rejectsTableType(tableType);
  }

  #reason(record: SourceRecord): string | undefined {
    switch (record.kind) {
      case 'lineage':
        return this.#rejectsEnd(record.from) ?? this.#rejectsEnd(record.to);
      case 'table':
        return this.rejectsTable(record.path, record.tableType);
      case 'database':
      case 'databaseSchema':
        return this.#rejects(record.path);
      default:
        return undefined;
    }
  }

  /** The patterns are of databases, schemas and tables: nothing else is kept out by them. */
  #rejectsEnd({ kind, path }: AssetRef): string | undefined {
    return kind === 'table' ? this.#rejects(path) : undefined;
  }

  #rejectsTableType(tableType: string | undefined): string | undefined {
    const isView = tableType === 'View' || tableType === 'MaterializedView' || tableType === 'SecureView';
    if (isView) return this.#settings.includeViews ? undefined : 'views are left out by includeViews';
    return this.#settings.includeTables ? undefined : 'tables are left out by includeTables';
  }

  #rejects(path: NamePath): string | undefined {
    for (const { what, depth, filters } of this.#levels) {
      if (path.length < depth || filters.length === 0) continue;
      const name = this.#settings.useFqnForFiltering ? fqnText(path.slice(0, depth)) : path[depth - 1]!;
      for (const filter of filters) {
        const why = filter.rejects(name);
        if (why !== undefined) return `${what} ${why}`;
      }
    }
    return undefined;
  }
}

/** A name with a double quote has no FQN before it is encoded; patterns are written for what people see. */
function fqnText(path: NamePath): string {
  return path.some((part) => part.includes('"')) ? path.join('.') : buildFqn(path);
}
