import type { ColumnRecord, DatabaseSchemaRecord, FieldShape, NamePath, TableRecord } from '../../../model/records.ts';
import type { SourceContext } from '../../source.ts';
import type { AtlasEntity, ObjectId } from '../atlas-types.ts';
import type { LineageSpool } from '../lineage-spool.ts';
import { type Mapping, nameOf, qualifiedName, related, text } from '../map-entity.ts';
import type { Spool } from '../spool.ts';
import type { TableShape } from '../table-shape.ts';
import { constraintsOf } from './constraints.ts';
import type { Family } from './family.ts';
import type { Holders } from './holders.ts';
import { columnRecord, fieldShape, inOrder, qualifierRecord, tableRecord } from './table-records.ts';

export interface TableMaking {
  readonly mapping: Mapping;
  readonly spool: Spool;
  readonly lineage: LineageSpool;
  readonly context: SourceContext;
  readonly holders: Holders;
}

/** Where a table's columns and parts come from: the spool after a search, or the answer of a bulk read. */
export interface ColumnSource {
  readonly columns: (table: AtlasEntity) => readonly AtlasEntity[];
  readonly partitionKeys: (table: AtlasEntity) => readonly AtlasEntity[];
  readonly inner: (column: AtlasEntity) => readonly AtlasEntity[];
  readonly part: (id: ObjectId) => AtlasEntity | undefined;
  readonly columnName: (id: ObjectId) => string | undefined;
}

/** Deeper nesting than this is left out. */
const deepest = 20;

/** A table's names from the service on. @param around those of its database or schema, two or more */
export function tablePath(entity: AtlasEntity, family: Family, around: NamePath): NamePath {
  const name = text(entity.attributes['name']) ?? qualifiedName(entity);
  const relational = family === 'rdbms';
  if (around.length > 2 && !relational) return [...around, name];
  const dot = name.indexOf('.');
  const told = relational ? text(entity.attributes['name_path']) : undefined;
  const schema = told ?? around[2] ?? (dot > 0 ? name.slice(0, dot) : 'default');
  return [around[0]!, around[1]!, schema, name.startsWith(`${schema}.`) ? name.slice(schema.length + 1) : name];
}

/** Makes the records of one table-like type. */
export class TableAssembler {
  readonly #shape: TableShape;
  readonly #making: TableMaking;
  readonly #family: Family;
  readonly #schemas = new Set<string>();
  /** Columns that found their table, inner ones included. */
  placedColumns = 0;

  constructor(shape: TableShape, making: TableMaking) {
    this.#shape = shape;
    this.#making = making;
    this.#family = making.holders.family;
  }

  /** Claims a table's place, the first time it is met; what cannot have one is reported. */
  claim(entity: AtlasEntity): NamePath | undefined {
    const path = this.#pathOf(entity);
    if (!path) return undefined;
    const added = this.#making.spool.addAsset(entity.guid, 'table', path);
    if (added === 'same-name') {
      this.#skip('same-name', entity, 'another table of this run has the same place and name');
    }
    return added === 'new' ? path : undefined;
  }

  #pathOf(entity: AtlasEntity): NamePath | undefined {
    const { holders } = this.#making;
    const [db] = related(entity, this.#shape.db);
    const around = db && holders.path(db.guid);
    if (!around || around.length < 2) {
      if (db && holders.isUnserved(db.guid)) {
        this.#skip('no-service', entity, `the recipe names no service for this of the family “${this.#family}”`);
      } else this.#skip('no-database', entity, 'the table has no live database in Apache Atlas');
      return undefined;
    }
    return tablePath(entity, this.#family, around);
  }

  /** The schema of a table where Atlas has no entity for it, the first time it is met. */
  schemaOf(entity: AtlasEntity, path: NamePath): DatabaseSchemaRecord | undefined {
    const [db] = related(entity, this.#shape.db);
    if (!db || this.#making.holders.path(db.guid)?.length !== 2) return undefined;
    const schema = path.slice(0, 3);
    const key = JSON.stringify(schema);
    if (this.#schemas.has(key)) return undefined;
    this.#schemas.add(key);
    const provenance = {
      id: `schema:${db.guid}:${schema[2]}`,
      typeName: 'schema',
      qualifiedName: schema.slice(1).join('.'),
    };
    return { kind: 'databaseSchema', path: schema, provenance, tags: [] };
  }

  record(entity: AtlasEntity, path: NamePath, from: ColumnSource): TableRecord {
    const columns = this.#columns(entity, from);
    for (const { column, record } of columns) this.#making.lineage.place(column.guid, entity.guid, record.name);
    const records = columns.map(({ record }) => record);
    const { constraints, plainIndexes, lostKeys } = constraintsOf(entity, records, {
      part: from.part,
      columnName: from.columnName,
      tablePath: (id) => this.#making.spool.asset(id.guid)?.path,
    });
    for (const index of plainIndexes) {
      this.#skip(
        'no-mapping',
        entity,
        'OpenMetadata has no place for indexes that are not unique',
        `index ${index} of `,
      );
    }
    for (const key of lostKeys) {
      this.#skip('key-end-not-carried', entity, 'a foreign key leads to no table of this run', `key ${key} of `);
    }
    return tableRecord(entity, path, columns, constraints, this.#making.mapping);
  }

  #columns(entity: AtlasEntity, from: ColumnSource): { column: AtlasEntity; record: ColumnRecord }[] {
    const { mapping } = this.#making;
    const keys = from.partitionKeys(entity);
    const keyGuids = new Set(keys.map(({ guid }) => guid));
    const told = entity.attributes['partitionColumnNames'];
    const keyNames = new Set<unknown>(Array.isArray(told) ? told : []);
    const isKey = (column: AtlasEntity): boolean => keyGuids.has(column.guid) || keyNames.has(nameOf(column));
    const plain = inOrder(from.columns(entity), this.#shape);
    const ordered = [...plain.filter((column) => !isKey(column)), ...inOrder(keys, this.#shape)];
    const found = [...ordered, ...plain.filter((column) => isKey(column) && !keyGuids.has(column.guid))];
    const saysNullable = found.some(({ attributes }) => attributes['isNullable'] === true);
    const names = new Set<string>();
    return found
      .flatMap((column) => {
        const place = { shape: this.#shape, family: this.#family, partitionKey: isKey(column), saysNullable };
        this.placedColumns += 1;
        if (this.#shape.column.type === undefined) return [...this.#familyAndQualifiers(column, from)];
        const inner = this.#inner(column, from, 0);
        return [{ column, record: columnRecord(column, { ...place, inner }, mapping) }];
      })
      .filter(({ column, record }) => {
        const isNew = !names.has(record.name);
        names.add(record.name);
        // A target would refuse the whole table for a name that comes twice.
        if (!isNew)
          this.#skip('same-column', column, 'the table has two columns of this name; the first one was taken');
        return isNew;
      });
  }

  /** HBase: a column family, and the qualifiers that are known of it. */
  *#familyAndQualifiers(family: AtlasEntity, from: ColumnSource) {
    const { mapping } = this.#making;
    const place = { shape: this.#shape, family: this.#family, partitionKey: false, saysNullable: false, inner: [] };
    yield { column: family, record: columnRecord(family, place, mapping) };
    for (const column of inOrder(from.inner(family), this.#shape)) {
      this.placedColumns += 1;
      yield { column, record: qualifierRecord(column, family, mapping) };
    }
  }

  #inner(column: AtlasEntity, from: ColumnSource, depth: number): FieldShape[] {
    if (!this.#shape.inner || depth > deepest) return [];
    return inOrder(from.inner(column), this.#shape).map((inner) => {
      this.placedColumns += 1;
      return fieldShape(inner, this.#shape, this.#family, this.#inner(inner, from, depth + 1));
    });
  }

  #skip(reason: string, entity: AtlasEntity, message: string, before = ''): void {
    const name = before + qualifiedName(entity);
    this.#making.context.report({ outcome: 'skipped', kind: 'table', reason, name, message });
  }
}
