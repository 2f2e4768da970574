import type { ChangedEntityType } from '../reconcile/change.ts';

interface Words {
  readonly one: string;
  readonly many: string;
}

/** What people call the types of the target, in the order in which a run handles them. */
export const entityWords: Readonly<Record<ChangedEntityType, Words>> = {
  metadataService: { one: 'metadata service', many: 'metadata services' },
  classification: { one: 'classification', many: 'classifications' },
  tag: { one: 'tag', many: 'tags' },
  customProperty: { one: 'custom property', many: 'custom properties' },
  databaseService: { one: 'database service', many: 'database services' },
  database: { one: 'database', many: 'databases' },
  databaseSchema: { one: 'schema', many: 'schemas' },
  table: { one: 'table', many: 'tables' },
  lineage: { one: 'lineage edge', many: 'lineage edges' },
};

export const entityTypes = Object.keys(entityWords) as readonly ChangedEntityType[];
