import type { ServerVersion } from './server-version.ts';
import { listOf, objectOf, oneOf, type Shape, shapeOf } from './shape.ts';
import { keysSince } from './shapes.ts';

const TYPE = 'org.openmetadata.schema.type.';

/** What each kind of profile may hold. Quartiles were not recorded at 1.1: this stand-in has them from 1.2 on. */
export function profileShape(version: ServerVersion): Shape {
  const table = shapeOf(
    `${TYPE}TableProfile`,
    keysSince(
      version,
      'timestamp profileSample profileSampleType columnCount rowCount sizeInByte createDateTime',
      [3, 'customMetrics'],
      ...(version.atLeast(13) ? [] : [[6, 'samplingMethodType'] as const]),
    ),
    { profileSampleType: oneOf(`${TYPE}TableProfile$ProfileSampleType`, new Set(['PERCENTAGE', 'ROWS'])) },
    { required: 'timestamp' },
  );
  const column = shapeOf(
    `${TYPE}ColumnProfile`,
    keysSince(
      version,
      'name timestamp valuesCount valuesPercentage validCount duplicateCount nullCount nullProportion ' +
        'missingPercentage missingCount uniqueCount uniqueProportion distinctCount distinctProportion min max ' +
        'minLength maxLength mean sum stddev variance median histogram',
      [2, 'firstQuartile thirdQuartile interQuartileRange nonParametricSkew'],
      [3, 'customMetrics'],
      [10, 'cardinalityDistribution'],
    ),
    {},
    { required: 'name timestamp' },
  );
  const system = shapeOf(`${TYPE}SystemProfile`, 'timestamp operation rowsAffected', {
    operation: oneOf(`${TYPE}DmlOperationType`, new Set(['UPDATE', 'INSERT', 'DELETE', 'WRITE'])),
  });
  return shapeOf(
    'org.openmetadata.schema.api.data.CreateTableProfile',
    'tableProfile columnProfile systemProfile',
    {
      tableProfile: objectOf(table),
      columnProfile: listOf(objectOf(column)),
      systemProfile: listOf(objectOf(system)),
    },
    { required: 'tableProfile' },
  );
}
