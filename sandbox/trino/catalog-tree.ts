/** What the stand-in has: catalogs, their schemas and tables. Names in lower case, as the server keeps them. */
export interface CatalogSpec {
  readonly name: string;
  /** The connector behind it, such as `hive`. */
  readonly connector?: string;
  readonly schemas: readonly SchemaSpec[];
  /** What every query of it fails with, as where its metastore is down. */
  readonly broken?: string;
  /** Whether the user may not see into it. */
  readonly denied?: boolean;
}

export interface SchemaSpec {
  readonly name: string;
  readonly tables: readonly TableSpec[];
}

export interface TableSpec {
  readonly name: string;
  readonly kind?: 'table' | 'view' | 'materializedView';
  readonly comment?: string;
  readonly columns: readonly ColumnSpec[];
  /** Of views. */
  readonly definition?: string;
  /** Listed, but what it has cannot be read: the server leaves its columns out in silence. */
  readonly unreadable?: boolean;
}

export interface ColumnSpec {
  readonly name: string;
  /** As the server shows it, such as `row(x bigint)`. */
  readonly type: string;
  readonly comment?: string;
  /** Such as `partition key`. */
  readonly extra?: string;
  readonly notNull?: boolean;
}

const column = (name: string, type: string, more: Partial<ColumnSpec> = {}): ColumnSpec => ({ name, type, ...more });

/** A small lakehouse: Hive with nested types and views, Iceberg with a materialized view, and a cluster's own catalogs. */
export const sampleCatalogs: readonly CatalogSpec[] = [
  {
    name: 'hive',
    connector: 'hive',
    schemas: [
      {
        name: 'sales',
        tables: [
          {
            name: 'orders',
            comment: 'Every order since 2019',
            columns: [
              column('order_id', 'bigint', { comment: 'Number of the order', notNull: true }),
              column('customer', 'varchar(80)'),
              column('amount', 'decimal(12,2)', { comment: 'Gross, in euro' }),
              column('placed_at', 'timestamp(3)'),
              column('seen_at', 'timestamp(6) with time zone'),
              column('items', 'array(row("sku" varchar, quantity integer, "price.net" decimal(10,2)))'),
              column('labels', 'map(varchar, array(double))'),
              column('ds', 'date', { extra: 'partition key' }),
            ],
          },
          {
            name: 'customers',
            columns: [
              column('customer_id', 'uuid'),
              column('email', 'varchar', { comment: 'Where receipts go' }),
              column('address', 'row(street varchar(100), geo row(lat real, lon real), "zip code" char(5))'),
              column('last_ip', 'ipaddress'),
              column('profile', 'json'),
              column('visitors', 'hyperloglog'),
              column('photo', 'varbinary'),
              column('active', 'boolean'),
              column('wake_up', 'time(3) with time zone'),
              column('age_of', 'interval day to second'),
            ],
          },
          {
            name: 'open_orders',
            kind: 'view',
            comment: 'Orders that nobody has paid',
            definition: 'SELECT order_id, amount FROM hive.sales.orders WHERE seen_at IS NULL',
            columns: [column('order_id', 'bigint'), column('amount', 'decimal(12,2)')],
          },
        ],
      },
      { name: 'staging', tables: [{ name: 'raw_events', columns: [column('line', 'varchar')] }] },
    ],
  },
  {
    name: 'lake',
    connector: 'iceberg',
    schemas: [
      {
        name: 'finance',
        tables: [
          { name: 'ledger', columns: [column('entry', 'bigint'), column('value', 'double')] },
          {
            name: 'daily_totals',
            kind: 'materializedView',
            comment: 'By day',
            definition: 'SELECT ds, sum(amount) AS total FROM hive.sales.orders GROUP BY ds',
            columns: [column('ds', 'date'), column('total', 'decimal(38,2)')],
          },
        ],
      },
    ],
  },
  { name: 'jmx', connector: 'jmx', schemas: [{ name: 'current', tables: [] }] },
];
