import type { StoredEntity } from '../atlas/stored-entity.ts';
import { addTillDatabase } from './till-database.ts';
import type { WarehouseBuilder } from './warehouse-builder.ts';

const STARTED = Date.UTC(2025, 1, 3, 2);
const ENDED = STARTED + 412_000;

interface QuerySpec {
  readonly name: string;
  readonly from: readonly string[];
  readonly to: string;
  readonly sql: string;
  readonly operation?: string;
  /** Target column by source column, each `table.column` as in `shop.orders.total`; many sources by comma. */
  readonly columns?: Readonly<Record<string, string>>;
}

const QUERIES: QuerySpec[] = [
  {
    name: 'load_orders',
    from: ['shop.baskets_raw'],
    to: 'shop.orders',
    sql: "insert into shop.orders partition (order_day, shop_code) select get_json_object(payload, '$.id') from shop.baskets_raw",
    columns: { 'shop.orders.order_id': 'shop.baskets_raw.payload', 'shop.orders.note': 'shop.baskets_raw.payload' },
  },
  {
    name: 'load_order_lines',
    from: ['shop.baskets_raw', 'shop.products'],
    to: 'shop.order_lines',
    sql: 'insert into shop.order_lines select * from shop.baskets_raw lateral view explode(lines(payload)) l as line',
  },
  {
    name: 'merge_late_orders',
    from: ['shop.orders_delta', 'shop.orders'],
    to: 'shop.orders',
    sql: "merge into shop.orders o using shop.orders_delta d on o.order_id = d.order_id when matched and d.op = 'D' then delete",
  },
  {
    name: 'create_v_open_orders',
    from: ['shop.orders'],
    to: 'shop.v_open_orders',
    operation: 'CREATEVIEW',
    sql: "create view shop.v_open_orders as select order_id, placed_at, total from shop.orders where channel = 'web'",
    columns: {
      'shop.v_open_orders.order_id': 'shop.orders.order_id',
      'shop.v_open_orders.placed_at': 'shop.orders.placed_at',
      'shop.v_open_orders.total': 'shop.orders.total',
    },
  },
  {
    name: 'create_mv_sales_by_hour',
    from: ['shop.orders'],
    to: 'shop.mv_sales_by_hour',
    operation: 'CREATE_MATERIALIZED_VIEW',
    sql: 'create materialized view shop.mv_sales_by_hour as select shop_code, hour(placed_at), sum(total) from shop.orders',
    columns: { 'shop.mv_sales_by_hour.takings': 'shop.orders.total' },
  },
  {
    name: 'create_v_active_customers',
    from: ['loyalty.customers'],
    to: 'loyalty.v_active_customers',
    operation: 'CREATEVIEW',
    sql: 'create view loyalty.v_active_customers as select customer_id, email from loyalty.customers',
    columns: {
      'loyalty.v_active_customers.customer_id': 'loyalty.customers.customer_id',
      'loyalty.v_active_customers.email': 'loyalty.customers.email',
    },
  },
  {
    name: 'sum_daily_takings',
    from: ['shop.orders', 'shop.returns'],
    to: 'finance.daily_takings',
    sql: 'insert overwrite table finance.daily_takings select shop_code, order_day, sum(total), sum(refund), count(*) from shop.orders left join shop.returns',
    columns: {
      'finance.daily_takings.takings': 'shop.orders.total,shop.orders.discount',
      'finance.daily_takings.refunds': 'shop.returns.refund',
    },
  },
  {
    name: 'create_v_takings_by_shop',
    from: ['finance.daily_takings'],
    to: 'finance.v_takings_by_shop',
    operation: 'CREATEVIEW',
    sql: 'create view finance.v_takings_by_shop as select shop_code, sum(takings) from finance.daily_takings group by shop_code',
    columns: { 'finance.v_takings_by_shop.takings': 'finance.daily_takings.takings' },
  },
  {
    name: 'close_month',
    from: ['finance.ledger', 'finance.daily_takings'],
    to: 'finance.mv_month_close',
    operation: 'CREATE_MATERIALIZED_VIEW',
    sql: 'create materialized view finance.mv_month_close as select month, sum(amount) from finance.ledger group by month',
  },
  {
    name: 'pivot_oven_readings',
    from: ['kitchen.oven_readings'],
    to: 'kitchen.oven_readings_wide',
    sql: 'insert into kitchen.oven_readings_wide select oven_id, pivot(probe, value) from kitchen.oven_readings',
  },
  {
    name: 'create_v_batches_today',
    from: ['kitchen.batches'],
    to: 'kitchen.v_batches_today',
    operation: 'CREATEVIEW',
    sql: 'create view kitchen.v_batches_today as select batch_id, recipe_id, loaves from kitchen.batches',
  },
  {
    name: 'sum_waste',
    from: ['kitchen.waste'],
    to: 'kitchen.mv_waste_by_week',
    operation: 'CREATE_MATERIALIZED_VIEW',
    sql: 'create materialized view kitchen.mv_waste_by_week as select weekofyear(day), sum(pieces) from kitchen.waste',
  },
];

/** Adds what moves data: Hive queries with their columns, Spark, Sqoop, copies, and the places outside of Hive. */
export function addLineage(builder: WarehouseBuilder): void {
  for (const query of QUERIES) {
    addQuery(builder, query);
  }
  addReceiptImport(builder);
  const table = (name: string): StoredEntity => builder.entity('hive_table', name);
  builder.addProcess(
    'spark_process',
    {
      name: 'build_customer_360',
      qualifiedName: 'spark-app-0042/build_customer_360@prod',
      executionId: 42,
      currUser: 'lea',
      queryText: 'INSERT OVERWRITE loyalty.customer_360 SELECT c.customer_id, count(o.order_id) FROM …',
    },
    [table('loyalty.customers@prod'), table('loyalty.cards@prod'), table('shop.orders@prod')],
    [table('loyalty.customer_360@prod')],
  );
  const path = (name: string): StoredEntity =>
    builder.add({
      typeName: 'hdfs_path',
      attributes: { name, qualifiedName: `hdfs://prod-nn:8020${name}@prod`, path: name, clusterName: 'prod' },
    });
  builder.addProcess(
    'Process',
    { name: 'land oven readings', qualifiedName: 'land_oven_readings@prod' },
    [path('/landing/ovens')],
    [table('kitchen.oven_readings@prod')],
  );
  builder.addProcess(
    'Process',
    { name: 'copy orders to the second data centre', qualifiedName: 'copy_orders@dr', owner: 'ops' },
    [table('shop.orders@prod')],
    [table('shop.orders@dr')],
  );
}

function addQuery(builder: WarehouseBuilder, query: QuerySpec): void {
  const process = builder.addProcess(
    'hive_process',
    {
      name: query.name,
      qualifiedName: `${query.to}@prod:${query.name}`,
      userName: 'etl',
      operationType: query.operation ?? 'QUERY',
      queryText: query.sql,
      queryPlan: 'Not Supported',
      queryId: `hive_20250203_${query.name}`,
      startTime: STARTED,
      endTime: ENDED,
      recentQueries: [query.sql],
    },
    query.from.map((name) => builder.entity('hive_table', `${name}@prod`)),
    [builder.entity('hive_table', `${query.to}@prod`)],
  );
  for (const [to, from] of Object.entries(query.columns ?? {})) {
    const sources = from.split(',');
    const column = to.slice(to.lastIndexOf('.') + 1);
    const lineage = builder.addProcess(
      'hive_column_lineage',
      {
        name: `${query.name}:${column}`,
        qualifiedName: `${query.to}@prod:${query.name}:${column}`,
        depenendencyType: sources.length > 1 ? 'EXPRESSION' : 'SIMPLE',
        expression: sources.length > 1 ? `sum(${sources.join(' - ')})` : null,
      },
      sources.map((name) => builder.entity('hive_column', `${name}@prod`)),
      [builder.entity('hive_column', `${to}@prod`)],
    );
    builder.relate('hive_process_column_lineage', lineage, process);
  }
}

/** The import from the tills' database. */
function addReceiptImport(builder: WarehouseBuilder): void {
  builder.addProcess(
    'sqoop_process',
    {
      name: 'import receipts',
      qualifiedName: 'sqoop import pos.public.receipt@prod',
      operation: 'import',
      commandlineOpts: { 'db.table': 'public.receipt', 'hive.import': 'true' },
      userName: 'etl',
      startTime: STARTED,
      endTime: ENDED,
    },
    [addTillDatabase(builder)],
    [builder.entity('hive_table', 'shop.baskets_raw@prod')],
  );
}
