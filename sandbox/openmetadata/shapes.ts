import {
  COLUMN_CONSTRAINTS,
  columnTypes,
  constraintTypes,
  FEATURE_TYPES,
  FIELD_TYPES,
  LABEL_SOURCES,
  LABEL_STATES,
  labelTypes,
  lineageSources,
  runResults,
  SCHEMA_TYPES,
} from './enums.ts';
import { nameCheck } from './name-rules.ts';
import type { ServerVersion } from './server-version.ts';
import { listOf, objectOf, oneOf, type Rule, type Shape, shapeOf } from './shape.ts';

const TYPE = 'org.openmetadata.schema.type.';

/** Shapes of what stands inside request bodies of several kinds. */
export interface SharedShapes {
  readonly reference: Shape;
  readonly references: Rule;
  readonly label: Shape;
  readonly labels: Rule;
  readonly columns: Rule;
  readonly constraints: Rule;
  readonly partition: Rule;
  readonly messageSchema: Shape;
  readonly dataModel: Shape;
  readonly task: Shape;
  readonly feature: Shape;
  readonly lineage: Shape;
  readonly lineageDetails: Shape;
  readonly pipelineRun: Shape;
}

/** Names of keys that a version knows: those of 1.1 and the later ones up to it. */
export function keysSince(
  version: ServerVersion,
  first: string,
  ...later: ReadonlyArray<readonly [number, string]>
): string {
  return [first, ...later.filter(([minor]) => version.atLeast(minor)).map(([, names]) => names)].join(' ');
}

export function sharedShapes(version: ServerVersion): SharedShapes {
  const reference = shapeOf(
    `${TYPE}EntityReference`,
    'id type name fullyQualifiedName description displayName deleted inherited href',
    {},
    { required: 'id type' },
  );
  const labelKeys = keysSince(
    version,
    'tagFQN description source labelType state href',
    [2, 'name displayName style'],
    [10, 'reason'],
    [11, 'appliedAt appliedBy'],
    [12, 'metadata'],
  );
  const label = shapeOf(
    `${TYPE}TagLabel`,
    labelKeys,
    {
      source: oneOf(`${TYPE}TagLabel$TagSource`, LABEL_SOURCES),
      labelType: oneOf(`${TYPE}TagLabel$LabelType`, labelTypes(version)),
      state: oneOf(`${TYPE}TagLabel$State`, LABEL_STATES),
    },
    { required: 'tagFQN source labelType state' },
  );
  const labels = listOf(objectOf(label));
  const columns = columnList(version, labels);
  return {
    reference,
    references: listOf(objectOf(reference)),
    label,
    labels,
    columns,
    constraints: listOf(
      objectOf(
        shapeOf(
          `${TYPE}TableConstraint`,
          keysSince(version, 'constraintType columns referredColumns', [6, 'relationshipType']),
          { constraintType: oneOf(`${TYPE}TableConstraint$ConstraintType`, constraintTypes(version)) },
        ),
      ),
    ),
    partition: objectOf(
      shapeOf(`${TYPE}TablePartition`, version.atLeast(4) ? 'columns' : 'columns intervalType interval'),
    ),
    messageSchema: shapeOf(`${TYPE}MessageSchema`, 'schemaText schemaType schemaFields', {
      schemaType: oneOf(`${TYPE}SchemaType`, SCHEMA_TYPES),
      schemaFields: fieldList(version, labels),
    }),
    dataModel: shapeOf(`${TYPE}ContainerDataModel`, 'isPartitioned columns', { columns }, { required: 'columns' }),
    task: taskShape(version, labels),
    feature: shapeOf(
      `${TYPE}MlFeature`,
      'name dataType description fullyQualifiedName featureSources featureAlgorithm tags',
      { tags: labels, dataType: oneOf('org.openmetadata.schema.type.FeatureType', FEATURE_TYPES) },
      { required: 'name', check: nameCheck('plain', version) },
    ),
    ...lineageShapes(version, reference),
    pipelineRun: shapeOf(
      'org.openmetadata.schema.entity.data.PipelineStatus',
      keysSince(version, 'timestamp executionStatus taskStatus', [
        10,
        'executionId endTime version parameters executedBy inputs outputs metrics error',
      ]),
      { executionStatus: oneOf('org.openmetadata.schema.type.StatusType', runResults(version)) },
      { required: 'timestamp executionStatus' },
    ),
  };
}

function columnList(version: ServerVersion, labels: Rule): Rule {
  const dataType = oneOf(`${TYPE}ColumnDataType`, columnTypes(version));
  const column = shapeOf(
    `${TYPE}Column`,
    keysSince(
      version,
      'dataType jsonSchema scale name displayName dataLength customMetrics tags ordinalPosition description ' +
        'arrayDataType precision children profile fullyQualifiedName dataTypeDisplay constraint',
      [12, 'extension'],
    ),
    {
      dataType,
      arrayDataType: dataType,
      tags: labels,
      constraint: oneOf(`${TYPE}ColumnConstraint`, COLUMN_CONSTRAINTS),
    },
    { required: 'name dataType', check: nameCheck('column', version) },
  );
  const columns = listOf(objectOf(column));
  column.keys.set('children', columns);
  return columns;
}

function fieldList(version: ServerVersion, labels: Rule): Rule {
  const field = shapeOf(
    `${TYPE}Field`,
    'name displayName dataType dataTypeDisplay description fullyQualifiedName tags children',
    { dataType: oneOf(`${TYPE}FieldDataType`, FIELD_TYPES), tags: labels },
    { required: 'name dataType', check: nameCheck('field', version) },
  );
  const fields = listOf(objectOf(field));
  field.keys.set('children', fields);
  return fields;
}

function taskShape(version: ServerVersion, labels: Rule): Shape {
  const url = version.atLeast(2) ? 'sourceUrl' : 'taskUrl';
  return shapeOf(
    `${TYPE}Task`,
    keysSince(
      version,
      `name displayName fullyQualifiedName description ${url} downstreamTasks taskType taskSQL startDate tags`,
      [2, 'endDate'],
      [3, version.ownerKey],
    ),
    { tags: labels },
    { required: 'name' },
  );
}

function lineageShapes(version: ServerVersion, reference: Shape): Pick<SharedShapes, 'lineage' | 'lineageDetails'> {
  const columnLineage = shapeOf(`${TYPE}ColumnLineage`, 'fromColumns toColumn function');
  const lineageDetails = shapeOf(
    `${TYPE}LineageDetails`,
    keysSince(
      version,
      'sqlQuery columnsLineage pipeline description',
      [2, 'source'],
      [7, 'createdAt createdBy updatedAt updatedBy assetEdges'],
      [13, 'tempLineageTables'],
    ),
    {
      columnsLineage: listOf(objectOf(columnLineage)),
      pipeline: objectOf(reference),
      ...(version.atLeast(2) ? { source: oneOf(`${TYPE}LineageDetails$Source`, lineageSources(version)) } : {}),
    },
  );
  const edge = shapeOf(
    `${TYPE}EntitiesEdge`,
    'fromEntity toEntity description lineageDetails',
    { fromEntity: objectOf(reference), toEntity: objectOf(reference), lineageDetails: objectOf(lineageDetails) },
    { required: 'fromEntity toEntity' },
  );
  const lineage = shapeOf(
    'org.openmetadata.schema.api.lineage.AddLineage',
    'edge',
    { edge: objectOf(edge) },
    { required: 'edge' },
  );
  return { lineage, lineageDetails };
}
