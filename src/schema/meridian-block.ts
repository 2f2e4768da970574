import { defaults } from '../config/defaults.ts';
import { closed, flag, mapOfTexts, oneOf, text, whole } from './parts.ts';

/** `meridian:`, all that we add to a recipe. The documented recipe works without it. */
export const meridianBlock = closed('What Meridian adds to the recipe.', {
  mode: oneOf(
    ['enrich', 'create'],
    'enrich: describe what other connectors brought in. create: also make what is missing.',
    defaults.mode,
  ),
  clusters: mapOfTexts('Atlas cluster → database service, or service.database.'),
  classificationName: text('Classification in OpenMetadata that holds Atlas’ labels.', {
    default: defaults.classificationName,
    pattern: "^[A-Za-z0-9_' &()-]{2,64}$",
  }),
  concurrency: whole('Requests to OpenMetadata at once.', 1, defaults.concurrency),
  atlas: closed('How hard Atlas may be asked.', {
    requestsPerSecond: {
      type: 'number',
      exclusiveMinimum: 0,
      description: 'Requests a second at most; no limit unless set.',
    },
    concurrency: whole('Requests at once.', 1, defaults.atlas.concurrency),
    pageSize: { ...whole('Rows a search asks for.', 1, defaults.atlas.pageSize), maximum: 10_000 },
    columnsBySearchLimit: whole(
      'Up to so many columns are read by their own search; more come with their tables.',
      0,
      defaults.atlas.columnsBySearchLimit,
    ),
    timeoutSeconds: whole('Seconds until an answer must have begun.', 1, defaults.atlas.timeoutSeconds),
    retries: whole('How often a failed request is sent again.', 0, defaults.atlas.retries),
  }),
  state: closed('Where the memory between runs is.', {
    type: oneOf(['sqlite'], 'Kind of the store.', defaults.stateType),
    path: text('File of the store; in $MERIDIAN_HOME unless set.'),
  }),
  deadLetters: text('File for requests that OpenMetadata refused; beside the state store unless set.'),
  ownerMapping: mapOfTexts('Owner in Atlas → user or team in OpenMetadata.'),
  tagMapping: mapOfTexts('Classification in Atlas → tag in OpenMetadata (its FQN), in place of our own.'),
  descriptions: closed('What happens to descriptions.', {
    stripHtml: flag('Take HTML out of descriptions, their text stays.', defaults.stripHtml),
  }),
});
