import { defaults } from '../config/defaults.ts';
import { closed, mapOfTexts, texts, whole } from './parts.ts';

const byDefault = defaults.profilerBlock;

/** `meridian.profiler`: what OpenMetadata's profiler has no key for. */
export const profilerBlock = closed('Profiles (sourceConfig.config.type Profiler or AutoClassification).', {
  services: mapOfTexts(
    'Database or catalog as the engine names it → service, or service.database, in OpenMetadata: for tables that another connector brought in.',
  ),
  approximateAbove: whole(
    'Rows of a table above which distinct values are counted by an approximation, which the report tells.',
    0,
    byDefault.approximateAbove,
  ),
  queryTimeoutSeconds: whole('Seconds that one query may take.', 1, byDefault.queryTimeoutSeconds),
  tableTimeoutSeconds: whole('Seconds that one table may take.', 1, byDefault.tableTimeoutSeconds),
  maskedTags: {
    ...texts(
      'Sample values of columns with one of these tags or terms never leave; the same for what lies below a tag.',
    ),
    default: [...byDefault.maskedTags],
  },
});
