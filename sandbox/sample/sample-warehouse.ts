import type { MemoryEntityStore } from '../atlas/memory-store.ts';
import { addBeyondHive } from './beyond-hive.ts';
import { FINANCE } from './finance-tables.ts';
import { BAKERY_GLOSSARY } from './glossary.ts';
import { KITCHEN } from './kitchen-tables.ts';
import { LOYALTY } from './loyalty-tables.ts';
import { addQuickStart } from './quick-start.ts';
import { addLineage } from './sample-lineage.ts';
import { sampleTypes } from './sample-types.ts';
import { SHOP, SHOP_COPY } from './shop-tables.ts';
import { WarehouseBuilder } from './warehouse-builder.ts';

/**
 * The sample warehouse: a chain of bakeries with five Hive databases in two clusters, the tills' PostgreSQL, stream
 * and forecast beside them, and a training shop that is described with the types of Atlas' quick start. The same on every call.
 */
export function sampleWarehouse(): MemoryEntityStore {
  const builder = new WarehouseBuilder(sampleTypes());
  for (const database of [SHOP, KITCHEN, LOYALTY, FINANCE, SHOP_COPY]) {
    builder.addDatabase(database);
  }
  addLineage(builder);
  addBeyondHive(builder);
  addQuickStart(builder);
  return builder.build(BAKERY_GLOSSARY);
}
