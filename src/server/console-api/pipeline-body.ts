import { pipelineTypes } from '../../engine/engine.ts';

const text = (maxLength: number) => ({ type: 'string', maxLength }) as const;
const texts = { type: 'array', maxItems: 50, items: text(200) } as const;
const seconds = { type: 'integer', minimum: 0, maximum: 31 * 24 * 3600 } as const;

/** JSON Schema of a `PipelineDefinition`; the engine judges its id and schedule, the recipe has checks of its own. */
export const pipelineBody = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'pipelineType', 'recipe', 'schedule'],
  properties: {
    id: { ...text(250), minLength: 1 },
    fqn: text(1000),
    pipelineType: { enum: pipelineTypes },
    displayName: text(250),
    description: text(4000),
    owner: text(200),
    email: texts,
    tags: texts,
    recipe: { type: 'object' },
    schedule: {
      type: 'object',
      additionalProperties: false,
      properties: {
        cron: text(200),
        timezone: text(100),
        startDate: text(40),
        endDate: text(40),
        catchup: { type: 'boolean', default: false },
      },
    },
    retries: { type: 'integer', minimum: 0, maximum: 100, default: 0 },
    retryDelaySeconds: { ...seconds, default: 300 },
    timeoutSeconds: { ...seconds, minimum: 1, default: 12 * 3600 },
    maxActiveRuns: { type: 'integer', minimum: 1, maximum: 100, default: 1 },
    enabled: { type: 'boolean', default: true },
  },
} as const;

/** A whole number in a query, which only has texts. */
export const countInQuery = { type: 'string', pattern: '^[0-9]{1,9}$' } as const;
