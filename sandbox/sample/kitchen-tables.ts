import { type DatabaseSpec, plain } from './table-spec.ts';

/** 160 columns: what eight probes measure in each of twenty chambers. */
const PROBES = ['temperature', 'humidity', 'pressure', 'fan_speed', 'door_open', 'power', 'steam', 'smoke'];
const CHAMBERS = Array.from({ length: 20 }, (_, index) => String(index + 1).padStart(2, '0'));
const PROBE_COLUMNS = CHAMBERS.flatMap((chamber) =>
  PROBES.map((probe) => `c${chamber}_${probe} | ${probe === 'door_open' ? 'boolean' : 'double'}`),
).join('\n');

/** Recipes, ovens and batches: how bread comes about. */
export const KITCHEN: DatabaseSpec = {
  name: 'kitchen',
  cluster: 'prod',
  owner: 'felix',
  description: 'From flour to loaf',
  tables: [
    {
      name: 'recipes',
      description: '## Recipes\n\n1. Only *released* ones may be baked\n2. `version` counts up',
      owner: 'felix',
      labels: ['secret'],
      columns: 'recipe_id | int\nname | string\nversion | int\nreleased | boolean\ninstructions | string',
    },
    {
      name: 'recipe_steps',
      owner: 'felix',
      columns: `
        recipe_id | int
        step_no | tinyint
        needs | array<struct<ingredient_id:int,grams:decimal(9,3),substitutes:array<int>>>
        settings | map<string,struct<min:double,max:double>>
        rest | interval_day_time`,
    },
    {
      name: 'ingredients',
      owner: 'felix',
      columns: 'ingredient_id | int\nname | string\nallergens | array<string>\norganic | boolean',
    },
    {
      name: 'allergens',
      owner: 'felix',
      description: 'The letters that must stand on every label',
      columns: 'code | char(1)\nname_de | string | auf Deutsch\nname_en | string',
    },
    {
      name: 'suppliers',
      owner: 'ines',
      columns: 'supplier_id | int\ncompany | string\ncountry | char(2)\nrating | float',
    },
    {
      name: 'supplier_orders',
      owner: 'ines',
      columns: 'order_no | string\nsupplier_id | int\ningredient_id | int\nkilos | decimal(10,3)\nordered_on | date',
    },
    { name: 'ovens', owner: 'ops', columns: 'oven_id | int\nmodel | string\nchambers | tinyint\nserviced_on | date' },
    {
      name: 'oven_readings',
      owner: 'ops',
      type: 'EXTERNAL_TABLE',
      description: 'One row a probe and second, straight from the ovens',
      columns: 'oven_id | int\nchamber | tinyint\nprobe | string\nvalue | double\nat | timestamp',
      partitions: 'reading_day | date\noven | int',
    },
    {
      name: 'oven_readings_wide',
      owner: 'ops',
      description: 'One row an oven and minute, a column for each probe of each chamber',
      columns: `oven_id | int\nminute | timestamp\n${PROBE_COLUMNS}`,
    },
    {
      name: 'batches',
      owner: 'felix',
      classifications: [plain('Fact')],
      columns: 'batch_id | bigint\nrecipe_id | int\noven_id | int\nstarted_at | timestamp\nloaves | int',
      care: { steward: 'felix', level: 'SILVER' },
    },
    {
      name: 'batch_quality',
      owner: 'felix',
      columns: 'batch_id | bigint\nscore | decimal(4,1)\ncrust | string\ntaster | string\nremarks | string',
    },
    { name: 'waste', owner: 'ines', columns: 'shop_code | char(4)\nproduct_id | int\npieces | int\nday | date' },
    {
      name: 'v_batches_today',
      owner: 'felix',
      type: 'VIRTUAL_VIEW',
      query: 'select batch_id, recipe_id, loaves from kitchen.batches where to_date(started_at) = current_date',
      columns: 'batch_id | bigint\nrecipe_id | int\nloaves | int',
    },
    {
      name: 'mv_waste_by_week',
      owner: 'ines',
      type: 'MATERIALIZED_VIEW',
      query: 'select weekofyear(day) as week, sum(pieces) as pieces from kitchen.waste group by weekofyear(day)',
      classifications: [plain('Metric')],
      columns: 'week | int\npieces | bigint',
    },
    {
      name: 'tasting notes (2024)',
      owner: 'felix',
      description: 'Imported from a spreadsheet, names and all',
      columns: 'first impression | string\ncrust/crumb | string\n100% rye? | boolean\nselect | int',
    },
    {
      name: 'lab.rye.v2',
      owner: 'felix',
      description: 'Trial recipes. The name really has dots in it.',
      columns: 'col.with.dots | string\nsour::>dough | decimal(5,2)\nplain | int',
    },
  ],
};
