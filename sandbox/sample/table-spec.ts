import type { ClassificationUse, Json } from '../atlas/stored-entity.ts';

export type NewClassification = Omit<ClassificationUse, 'entityGuid' | 'entityStatus'>;

/** One Hive table of the sample, in the short form that the files of this folder are written in. */
export interface TableSpec {
  readonly name: string;
  /** Goes to Atlas' `description`. */
  readonly description?: string;
  /** Goes to Atlas' `comment`, as the Hive hook writes it. */
  readonly comment?: string;
  readonly owner: string;
  readonly type?: 'MANAGED_TABLE' | 'EXTERNAL_TABLE' | 'VIRTUAL_VIEW' | 'MATERIALIZED_VIEW';
  /** A line a column: `name | hive type | comment`. */
  readonly columns: string;
  /** Partition keys in the same form. */
  readonly partitions?: string;
  readonly query?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly classifications?: readonly NewClassification[];
  readonly columnClassifications?: Readonly<Record<string, readonly NewClassification[]>>;
  readonly labels?: readonly string[];
  readonly customAttributes?: Record<string, string>;
  readonly care?: Json;
  readonly deleted?: boolean;
  readonly shell?: boolean;
}

export interface DatabaseSpec {
  readonly name: string;
  readonly cluster: string;
  readonly description: string;
  readonly owner: string;
  readonly tables: readonly TableSpec[];
}

export interface ColumnSpec {
  readonly name: string;
  readonly type: string;
  readonly comment: string | null;
}

/** Reads the column lines of a table. */
export function readColumns(lines: string | undefined): ColumnSpec[] {
  return (lines ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', type = '', comment] = line.split(' | ').map((part) => part.trim());
      return { name, type, comment: comment ?? null };
    });
}

export const pii = (level: string, propagate = true): NewClassification => ({
  typeName: 'PII',
  attributes: { level, reviewed: level !== 'high' },
  propagate,
});

export const plain = (typeName: string): NewClassification => ({ typeName, propagate: false });
