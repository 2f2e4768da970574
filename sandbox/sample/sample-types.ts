import { TypeRegistry } from '../atlas/type-registry.ts';
import { BEYOND_HIVE, BEYOND_HIVE_RELATIONS } from './beyond-hive-types.ts';
import { defineTypes, type EntityTypeSpec, type RelationshipSpec } from './define-types.ts';

const COLUMN_SCHEMA = { schemaAttributes: '["name", "description", "owner", "type", "comment", "position"]' };
const TABLE_SCHEMA = { schemaElementsAttribute: 'columns' };

const CORE: EntityTypeSpec[] = [
  {
    name: 'Referenceable',
    superTypes: [],
    service: 'atlas_core',
    attributes: ['qualifiedName:string*', 'replicatedFrom:array<AtlasServer>', 'replicatedTo:array<AtlasServer>'],
  },
  {
    name: 'Asset',
    superTypes: ['Referenceable'],
    service: 'atlas_core',
    attributes: ['name:string!', 'description:string', 'owner:string', 'displayName:string', 'userDescription:string'],
  },
  { name: 'DataSet', superTypes: ['Asset'], service: 'atlas_core' },
  { name: 'Infrastructure', superTypes: ['Asset'], service: 'atlas_core' },
  {
    name: 'Process',
    superTypes: ['Asset'],
    service: 'atlas_core',
    attributes: ['inputs:array<DataSet>', 'outputs:array<DataSet>'],
  },
  { name: 'Path', superTypes: ['DataSet'], service: 'file_system', attributes: ['path:string!'] },
  { name: 'fs_path', superTypes: ['Path'], service: 'file_system', attributes: ['isFile:boolean', 'fileSize:long'] },
  {
    name: 'hdfs_path',
    superTypes: ['fs_path'],
    service: 'file_system',
    attributes: ['clusterName:string', 'nameServiceId:string'],
  },
  {
    name: 'AtlasGlossaryTerm',
    superTypes: [],
    service: 'atlas_core',
    attributes: ['qualifiedName:string*', 'name:string!', 'shortDescription:string', 'longDescription:string'],
  },
];

const HIVE: EntityTypeSpec[] = [
  {
    name: 'hive_db',
    superTypes: ['Asset'],
    service: 'hive',
    attributes: [
      'clusterName:string!',
      'location:string',
      'managedLocation:string',
      'parameters:map<string,string>',
      'ownerType:hive_principal_type',
    ],
  },
  {
    name: 'hive_storagedesc',
    superTypes: ['Referenceable'],
    service: 'hive',
    attributes: [
      'location:string',
      'inputFormat:string',
      'outputFormat:string',
      'compressed:boolean!',
      'numBuckets:int',
    ],
  },
  {
    name: 'hive_table',
    superTypes: ['DataSet'],
    service: 'hive',
    options: TABLE_SCHEMA,
    attributes: [
      'createTime:date',
      'lastAccessTime:date',
      'comment:string',
      'retention:int',
      'aliases:array<string>',
      'parameters:map<string,string>',
      'viewOriginalText:string',
      'viewExpandedText:string',
      'tableType:string',
      'temporary:boolean',
    ],
  },
  {
    name: 'hive_column',
    superTypes: ['DataSet'],
    service: 'hive',
    options: COLUMN_SCHEMA,
    attributes: ['type:string!', 'comment:string', 'position:int'],
  },
  {
    name: 'hive_process',
    superTypes: ['Process'],
    service: 'hive',
    attributes: [
      'startTime:date!',
      'endTime:date!',
      'userName:string!',
      'operationType:string!',
      'queryText:string!',
      'queryPlan:string!',
      'queryId:string!',
      'recentQueries:array<string>',
      'clusterName:string',
      'queryGraph:string',
    ],
  },
  {
    name: 'hive_column_lineage',
    superTypes: ['Process'],
    service: 'hive',
    attributes: ['depenendencyType:string!', 'expression:string'],
  },
];

const OTHER_SERVICES: EntityTypeSpec[] = [
  {
    name: 'spark_process',
    superTypes: ['Process'],
    service: 'spark',
    attributes: [
      'executionId:long',
      'currUser:string',
      'details:string',
      'sparkPlanDescription:string',
      'queryText:string',
    ],
  },
  {
    name: 'sqoop_process',
    superTypes: ['Process'],
    service: 'sqoop',
    attributes: [
      'operation:string!',
      'commandlineOpts:map<string,string>!',
      'startTime:date!',
      'endTime:date!',
      'userName:string',
    ],
  },
  {
    name: 'rdbms_instance',
    superTypes: ['DataSet'],
    service: 'rdbms',
    attributes: ['rdbms_type:string!', 'platform:string', 'hostname:string', 'port:int', 'protocol:string'],
  },
  { name: 'rdbms_db', superTypes: ['DataSet'], service: 'rdbms', attributes: ['prodOrOther:string'] },
  {
    name: 'rdbms_table',
    superTypes: ['DataSet'],
    service: 'rdbms',
    options: TABLE_SCHEMA,
    attributes: ['name_path:string', 'createTime:date', 'comment:string', 'type:string'],
  },
  {
    name: 'rdbms_column',
    superTypes: ['DataSet'],
    service: 'rdbms',
    attributes: [
      'data_type:string',
      'length:int',
      'default_value:string',
      'comment:string',
      'isNullable:boolean',
      'isPrimaryKey:boolean',
    ],
  },
];

/** The types that Atlas' own quick start defines; recipes in OpenMetadata's documentation name `Table` of them. */
const QUICK_START: EntityTypeSpec[] = [
  {
    name: 'DB',
    superTypes: ['DataSet'],
    service: 'quick_start',
    attributes: ['locationUri:string', 'createTime:long'],
  },
  {
    name: 'Column',
    superTypes: ['DataSet'],
    service: 'quick_start',
    attributes: ['dataType:string', 'comment:string'],
  },
  {
    name: 'Table',
    superTypes: ['DataSet'],
    service: 'quick_start',
    attributes: [
      'createTime:long',
      'lastAccessTime:long',
      'retention:long',
      'viewOriginalText:string',
      'viewExpandedText:string',
      'tableType:string',
      'temporary:boolean',
    ],
  },
  { name: 'View', superTypes: ['DataSet'], service: 'quick_start' },
  {
    name: 'LoadProcess',
    superTypes: ['Process'],
    service: 'quick_start',
    attributes: [
      'userName:string',
      'startTime:long',
      'endTime:long',
      'queryText:string!',
      'queryPlan:string!',
      'queryId:string!',
      'queryGraph:string!',
    ],
  },
];

const RELATIONSHIPS: RelationshipSpec[] = [
  {
    name: 'dataset_process_inputs',
    category: 'AGGREGATION',
    propagate: 'TWO_TO_ONE',
    ends: ['#~Process.inputs[]', 'DataSet.inputToProcesses[]'],
  },
  {
    name: 'process_dataset_outputs',
    category: 'AGGREGATION',
    propagate: 'ONE_TO_TWO',
    ends: ['#~Process.outputs[]', 'DataSet.outputFromProcesses[]'],
  },
  {
    name: 'AtlasGlossarySemanticAssignment',
    category: 'ASSOCIATION',
    propagate: 'ONE_TO_TWO',
    ends: ['AtlasGlossaryTerm.assignedEntities[]', 'Referenceable.meanings[]'],
  },
  { name: 'hive_table_db', category: 'AGGREGATION', ends: ['~hive_table.db', '#hive_db.tables[]'] },
  { name: 'hive_table_columns', category: 'COMPOSITION', ends: ['#~hive_table.columns[]', '~hive_column.table'] },
  {
    name: 'hive_table_partitionkeys',
    category: 'COMPOSITION',
    ends: ['#~hive_table.partitionKeys[]', '~hive_column.table'],
  },
  { name: 'hive_table_storagedesc', category: 'COMPOSITION', ends: ['#~hive_table.sd', '~hive_storagedesc.table'] },
  {
    name: 'hive_process_column_lineage',
    category: 'COMPOSITION',
    ends: ['~hive_column_lineage.query', '#hive_process.columnLineages[]'],
  },
  { name: 'hive_db_location', category: 'ASSOCIATION', ends: ['hive_db.locationPath', 'Path.hiveDb'] },
  {
    name: 'rdbms_instance_databases',
    category: 'COMPOSITION',
    ends: ['#~rdbms_instance.databases[]', '~rdbms_db.instance'],
  },
  { name: 'rdbms_db_tables', category: 'COMPOSITION', ends: ['#~rdbms_db.tables[]', '~rdbms_table.db'] },
  { name: 'rdbms_table_columns', category: 'COMPOSITION', ends: ['#~rdbms_table.columns[]', '~rdbms_column.table'] },
  { name: 'Table_DB', category: 'AGGREGATION', ends: ['Table.db', '#DB.tables[]'] },
  { name: 'View_DB', category: 'AGGREGATION', ends: ['View.db', '#DB.views[]'] },
  { name: 'View_Tables', category: 'AGGREGATION', ends: ['#View.inputTables[]', 'Table.view'] },
  { name: 'Table_Columns', category: 'COMPOSITION', ends: ['#Table.columns[]', 'Column.table'] },
];

/** The types that both the sample warehouse and the generator use. */
export function sampleTypes(): TypeRegistry {
  return new TypeRegistry(
    defineTypes({
      entities: [...CORE, ...HIVE, ...OTHER_SERVICES, ...BEYOND_HIVE, ...QUICK_START],
      relationships: [...RELATIONSHIPS, ...BEYOND_HIVE_RELATIONS],
      classifications: [
        {
          name: 'PII',
          attributes: ['level:string', 'reviewed:boolean'],
          description: 'Tells something about a person who can be identified',
        },
        { name: 'PII_CONTACT', superTypes: ['PII'], description: 'A way to reach a person' },
        { name: 'PII_EMAIL', superTypes: ['PII_CONTACT'], description: 'A mail address' },
        { name: 'PII_HEALTH', superTypes: ['PII'], description: 'Allergies and the like: handle with most care' },
        { name: 'RETENTION', attributes: ['days:int'], description: 'To be deleted after so many days' },
        { name: 'FINANCE.AUDIT', description: 'Auditors look at it' },
        { name: 'Deprecated', attributes: ['replacement:string'], description: 'Do not build anything new on it' },
        { name: 'Dimension', description: 'What facts are looked at by' },
        { name: 'Fact', description: 'What happened, in numbers' },
        { name: 'Metric', description: 'A number that the company steers by' },
        { name: 'ETL', description: 'Made by a load job' },
      ],
      enums: { hive_principal_type: ['USER', 'ROLE', 'GROUP'], care_level: ['GOLD', 'SILVER', 'BRONZE'] },
      businessMetadata: [
        {
          name: 'care',
          description: 'Who takes care of it, and how well',
          attributes: {
            steward: { type: 'string', on: ['hive_table', 'hive_column', 'rdbms_table'] },
            level: { type: 'care_level', on: ['hive_table'] },
            costCentre: { type: 'int', on: ['hive_table'] },
            checkedOn: { type: 'date', on: ['hive_table'] },
            contacts: { type: 'array<string>', on: ['hive_table'] },
          },
        },
      ],
    }),
  );
}
