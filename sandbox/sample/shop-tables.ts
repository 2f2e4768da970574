import { type DatabaseSpec, pii, plain, type TableSpec } from './table-spec.ts';

const ORDER_COLUMNS = `
  order_id | bigint | Counts on over all shops, never reused
  customer_id | bigint | Empty for people who pay cash
  placed_at | timestamp | Local time of the shop
  channel | varchar(20) | till, web or phone
  total | decimal(12,2) | With tax, after discounts
  discount | decimal(12,2)
  note | string | What the customer asked for, <b>as typed</b>`;

const ORDER_KEYS = `
  order_day | string | yyyy-MM-dd
  shop_code | string`;

const SHOPS: TableSpec = {
  name: 'shops',
  description:
    'The shops, open and closed.\n\n| colour | means |\n|---|---|\n| green | own shop |\n| blue | franchise |',
  owner: 'marta',
  classifications: [plain('Dimension')],
  columns: `
    shop_code | char(4) | Such as W012
    name | string
    street | string
    city | string
    opened_on | date
    closed_on | date | Empty while open
    opening_hours | map<string,array<string>> | By weekday
    location | struct<lat:double,lon:double>
    franchise | boolean`,
};

const PRODUCTS: TableSpec = {
  name: 'products',
  description: 'Everything that can be sold, from **rye bread** to coffee beans',
  owner: 'marta',
  classifications: [plain('Dimension')],
  columns: `
    product_id | int
    name | string
    kind | varchar(30)
    weight_grams | smallint
    allergens | array<string> | Codes, see kitchen.allergens
    vegan | boolean
    introduced_on | date
    photo | binary`,
};

/** Orders over the counter and the web, in the production cluster. */
export const SHOP: DatabaseSpec = {
  name: 'shop',
  cluster: 'prod',
  owner: 'marta',
  description: 'What is sold, where, and to whom',
  tables: [
    {
      name: 'orders',
      description: 'One row an order.\n\n*Late* orders arrive until noon of the next day; do not trust today.',
      owner: 'marta',
      columns: ORDER_COLUMNS,
      partitions: ORDER_KEYS,
      parameters: { numRows: '48213377', totalSize: '9123482734', transient_lastDdlTime: '1736150400' },
      classifications: [
        plain('Fact'),
        {
          typeName: 'RETENTION',
          attributes: { days: 2557 },
          propagate: false,
          validityPeriods: [
            { startTime: '2025/01/01 00:00:00', endTime: '2030/12/31 23:59:59', timeZone: 'Europe/Vienna' },
          ],
        },
      ],
      columnClassifications: { note: [pii('medium', false)] },
      labels: ['core', 'hourly'],
      customAttributes: { 'on-call': 'shop-data', sla: '2h' },
      care: {
        steward: 'marta',
        level: 'GOLD',
        costCentre: 4100,
        checkedOn: 1735689600000,
        contacts: ['shop@example.org'],
      },
    },
    {
      name: 'order_lines',
      description: 'What was in each order',
      owner: 'marta',
      columns: `
        order_id | bigint
        line_no | tinyint
        product_id | int
        pieces | smallint
        unit_price | decimal(8,2)
        options | array<struct<code:string,extra:decimal(6,2)>> | Seeds, slicing, wrapping`,
      partitions: 'order_day | string',
      classifications: [plain('Fact')],
    },
    {
      name: 'orders_delta',
      comment: 'Late and corrected orders, merged every hour',
      owner: 'etl',
      columns: `${ORDER_COLUMNS}\n  op | char(1) | I, U or D`,
    },
    {
      name: 'baskets_raw',
      description: 'Baskets as the tills send them, JSON in columns',
      owner: 'etl',
      type: 'EXTERNAL_TABLE',
      parameters: { EXTERNAL: 'TRUE', numFiles: '1460' },
      columns: `
        payload | string
        received_at | timestamp
        source | struct<till:string,version:string,network:struct<ip:string,wifi:boolean>>`,
      partitions: 'load_day | date',
    },
    SHOPS,
    PRODUCTS,
    {
      name: 'product_prices',
      owner: 'marta',
      columns: 'product_id | int\nshop_code | char(4)\nprice | decimal(8,2)\nvalid_from | date\nvalid_to | date',
    },
    {
      name: 'promotions',
      owner: 'jonas',
      description: 'See the <a href="https://wiki.example.org/promo?id=7&amp;x=1">wiki</a> for the rules',
      columns: 'promotion_id | int\nname | string\nrule | string\nfirst_day | date\nlast_day | date',
    },
    {
      name: 'promotion_hits',
      owner: 'jonas',
      columns: 'promotion_id | int\norder_id | bigint\nsaved | decimal(8,2)',
    },
    {
      name: 'tills',
      owner: 'ops',
      columns: 'till_id | string\nshop_code | char(4)\nmodel | string\ninstalled_on | date',
    },
    {
      name: 'till_events',
      owner: 'ops',
      type: 'EXTERNAL_TABLE',
      columns: `
        till_id | string
        at | timestamp with local time zone
        event | struct<kind:string,detail:map<string,string>,steps:array<struct<no:int,took_ms:bigint>>>
        reading | uniontype<int,double,string> | The old tills send text`,
    },
    {
      name: 'returns',
      owner: 'marta',
      columns:
        'return_id | bigint\norder_id | bigint\nreason | varchar(200)\nrefund | decimal(12,2)\nreturned_at | timestamp',
    },
    {
      name: 'deliveries',
      owner: 'ops',
      columns:
        'delivery_id | bigint\norder_id | bigint\ncourier_id | int\nleft_at | timestamp\nwindow | interval_day_time',
    },
    {
      name: 'couriers',
      owner: 'ops',
      columns: 'courier_id | int\nfull_name | string\nphone | varchar(40)',
      columnClassifications: {
        full_name: [pii('medium')],
        phone: [{ typeName: 'PII_CONTACT', attributes: { level: 'medium', reviewed: true }, propagate: true }],
      },
    },
    {
      name: 'v_open_orders',
      description: 'Orders that nobody has picked up yet',
      owner: 'marta',
      type: 'VIRTUAL_VIEW',
      query: "select order_id, placed_at, total from shop.orders where channel = 'web'",
      columns: 'order_id | bigint\nplaced_at | timestamp\ntotal | decimal(12,2)',
    },
    {
      name: 'mv_sales_by_hour',
      description: 'Takings by shop and hour',
      owner: 'jonas',
      type: 'MATERIALIZED_VIEW',
      query:
        'select shop_code, hour(placed_at) as hour, sum(total) as takings from shop.orders group by shop_code, hour(placed_at)',
      classifications: [plain('Metric')],
      columns: 'shop_code | string\nhour | int\ntakings | decimal(22,2)',
    },
  ],
};

/** The copy in the second data centre: the same names, other data. */
export const SHOP_COPY: DatabaseSpec = {
  name: 'shop',
  cluster: 'dr',
  owner: 'ops',
  description: 'Copy of shop for the day when the first data centre is gone',
  tables: [
    {
      name: 'orders',
      description: 'Copied every night',
      owner: 'ops',
      columns: ORDER_COLUMNS,
      partitions: ORDER_KEYS,
      parameters: {
        numRows: '48190021',
        COLUMN_STATS_ACCURATE: '{"BASIC_STATS":"false"}',
        'spark.sql.statistics.numRows': '48190021',
        'spark.sql.statistics.totalSize': '8912340123',
        'spark.sql.statistics.colStats.order_id.distinctCount': '48190021',
        'spark.sql.statistics.colStats.order_id.nullCount': '0',
        'spark.sql.statistics.colStats.order_id.min': '1',
        'spark.sql.statistics.colStats.order_id.max': '51200345',
        'spark.sql.statistics.colStats.note.nullCount': '40190021',
        'spark.sql.statistics.colStats.note.distinctCount': '120034',
        'spark.sql.statistics.colStats.note.maxLen': '180',
      },
    },
    { ...SHOPS, owner: 'ops', classifications: [] },
    { ...PRODUCTS, owner: 'ops', classifications: [] },
    { name: 'copy_log', owner: 'ops', columns: 'table_name | string\ncopied_at | timestamp\nrows | bigint' },
  ],
};
