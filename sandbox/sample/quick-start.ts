import type { StoredEntity } from '../atlas/stored-entity.ts';
import { type NewClassification, plain, readColumns } from './table-spec.ts';
import type { WarehouseBuilder } from './warehouse-builder.ts';

interface SchoolTable {
  readonly name: string;
  readonly db: 'counter' | 'reporting';
  readonly description: string;
  readonly tableType: 'Managed' | 'External';
  readonly classification: NewClassification;
  readonly columns: string;
}

const TABLES: SchoolTable[] = [
  {
    name: 'loaf_sales',
    db: 'counter',
    description: 'Loaves over the counter of the training shop',
    tableType: 'Managed',
    classification: plain('Fact'),
    columns: 'day_id | int\nbread_id | int\napprentice_id | int | Who sold it\nloaves | double | Sold, not baked',
  },
  {
    name: 'bread_types',
    db: 'counter',
    description: 'The breads that apprentices learn',
    tableType: 'Managed',
    classification: plain('Dimension'),
    columns: 'bread_id | int\nbread_name | string\ngrain | string',
  },
  {
    name: 'apprentices',
    db: 'counter',
    description: 'Who learns here',
    tableType: 'External',
    classification: plain('Dimension'),
    columns: 'apprentice_id | int\nname | string\nmail | string',
  },
  {
    name: 'school_days',
    db: 'counter',
    description: 'Days on which the shop is open',
    tableType: 'External',
    classification: plain('Dimension'),
    columns: 'day_id | int\nweekday | int\nterm | string',
  },
  {
    name: 'loaf_sales_by_day',
    db: 'reporting',
    description: 'Loaves a day',
    tableType: 'Managed',
    classification: plain('Metric'),
    columns: 'day_id | int\nloaves | double',
  },
];

/** Adds the training shop, described with the types of Atlas' own quick start. */
export function addQuickStart(builder: WarehouseBuilder): void {
  const databases = new Map(
    (['counter', 'reporting'] as const).map((name) => [
      name,
      builder.add({
        typeName: 'DB',
        attributes: {
          name,
          qualifiedName: `${name}@school`,
          description: name === 'counter' ? 'The training shop' : 'What the teachers look at',
          owner: 'helga',
          locationUri: `hdfs://school:8020/${name}`,
          createTime: 1738562400000,
        },
      }),
    ]),
  );
  const tables = new Map(TABLES.map((table) => [table.name, addTable(builder, table, databases.get(table.db))]));
  const pick = (...names: string[]): StoredEntity[] => names.flatMap((name) => tables.get(name) ?? []);
  const view = builder.add({
    typeName: 'View',
    attributes: {
      name: 'bread_menu',
      qualifiedName: 'bread_menu@school',
      description: 'What hangs on the wall',
      owner: 'helga',
    },
    classifications: [plain('Dimension')],
  });
  const counter = databases.get('counter');
  if (counter !== undefined) {
    builder.relate('View_DB', view, counter);
  }
  for (const input of pick('bread_types')) {
    builder.relate('View_Tables', view, input);
  }
  builder.addProcess(
    'LoadProcess',
    {
      name: 'sum loaves',
      qualifiedName: 'sum_loaves@school',
      description: 'Every evening',
      userName: 'helga',
      startTime: 1738611000000,
      endTime: 1738611060000,
      queryText: 'insert into loaf_sales_by_day select day_id, sum(loaves) from loaf_sales group by day_id',
      queryPlan: 'scan, group',
      queryId: 'sum-1',
      queryGraph: 'none',
    },
    pick('loaf_sales', 'school_days'),
    pick('loaf_sales_by_day'),
  );
}

function addTable(builder: WarehouseBuilder, spec: SchoolTable, database: StoredEntity | undefined): StoredEntity {
  const table = builder.add({
    typeName: 'Table',
    attributes: {
      name: spec.name,
      // The quick start's names carry no database: that is known from the relationship only.
      qualifiedName: `${spec.name}@school`,
      description: spec.description,
      owner: 'helga',
      createTime: 1738562400000,
      tableType: spec.tableType,
    },
    classifications: [spec.classification],
  });
  if (database !== undefined) {
    builder.relate('Table_DB', table, database);
  }
  for (const column of readColumns(spec.columns)) {
    const entity = builder.add({
      typeName: 'Column',
      attributes: {
        name: column.name,
        qualifiedName: `${spec.db}.${spec.name}.${column.name}@school`,
        dataType: column.type,
        comment: column.comment,
      },
      classifications: column.name === 'mail' ? [{ typeName: 'PII_EMAIL', propagate: true }] : [],
    });
    builder.relate('Table_Columns', table, entity);
  }
  return table;
}
