import { defaults } from '../config/defaults.ts';
import { closed, flag, oneOf, typeName, whole } from './parts.ts';
import { tableFilters } from './profiler-pipeline.ts';

const byDefault = defaults.autoClassification;

/** ISO 639-1, as OpenMetadata lists them. */
const languages = (
  'any af sq am ar hy az eu be bn bs bg ca zh hr cs da nl en et fi fr gl ka de el gu ht he hi hu is id ga it ja kn kk km ' +
  'ko ku ky lo lv lt mk ms ml mt mi mr mn my ne no ps fa pl pt pa ro ru sr si sk sl so es sw sv tl ta te th tr uk ur uz ' +
  'vi cy yi zu'
).split(' ');

/** `source.sourceConfig.config` of OpenMetadata's AutoClassification pipeline (1.6 and later). */
export const autoClassificationPipeline = closed(
  'Which tables are looked at for personal data, and what becomes of it.',
  {
    type: typeName('AutoClassification', 'Kind of the pipeline, in any case.'),
    ...tableFilters,
    includeViews: flag('Look at views too.', byDefault.includeViews),
    storeSampleData: flag('Store sample rows, with personal data masked.', byDefault.storeSampleData),
    enableAutoClassification: flag('Propose tags for columns with personal data.', byDefault.enableAutoClassification),
    confidence: {
      type: 'number',
      minimum: 0,
      maximum: 100,
      default: byDefault.confidence,
      description: 'How sure a proposal must be, in percent.',
    },
    sampleDataCount: whole('Sample rows of a table.', 1, byDefault.sampleDataCount),
    classificationLanguage: oneOf(
      languages,
      'Language of names and national numbers that is looked for; any: all that are known (docs/profiler.md).',
      byDefault.classificationLanguage,
    ),
  },
  ['type'],
);
