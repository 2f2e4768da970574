import { closed, flag, type JsonSchema, oneOf, whole } from './parts.ts';

/** How large a sample is: percent or rows. */
export const profileSample: JsonSchema = {
  // An empty key of YAML, and a field that a page leaves empty, are null.
  type: ['number', 'null'],
  exclusiveMinimum: 0,
  default: null,
  description: 'Percent of the rows (up to 100), or rows, that column metrics are computed from. All unless set.',
};

export const profileSampleType = oneOf(['PERCENTAGE', 'ROWS'], 'What profileSample counts.', 'PERCENTAGE');

export const samplingMethodType = oneOf(
  ['BERNOULLI', 'SYSTEM'],
  'BERNOULLI: row by row. SYSTEM: whole blocks, which is faster and less even. The engine’s choice unless set.',
);

/** `profileSampleConfig`, which late patches of OpenMetadata 1.13 have in place of the three keys. */
export const profileSampleConfig: JsonSchema = closed(
  'How large a sample is, as late OpenMetadata 1.13 says it; in place of profileSample and what belongs to it.',
  {
    sampleConfigType: oneOf(['STATIC', 'DYNAMIC'], 'STATIC: the same for each table. DYNAMIC: by its number of rows.'),
    config: closed('The sample.', {
      profileSample,
      profileSampleType,
      samplingMethodType,
      smartSampling: flag(
        'DYNAMIC without thresholds: all rows of small tables, fewer of large ones (docs/profiler.md).',
        true,
      ),
      thresholds: {
        type: 'array',
        description: 'DYNAMIC: the rule with the highest rowCountThreshold that a table reaches is followed.',
        items: closed(
          'A sample for tables of so many rows.',
          {
            rowCountThreshold: whole('Rows from which on this sample is taken.', 0),
            profileSample,
            profileSampleType,
            samplingMethodType,
          },
          ['rowCountThreshold', 'profileSample'],
        ),
      },
    }),
  },
  ['sampleConfigType'],
);
