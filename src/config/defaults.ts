/** Every default of a recipe, in one place. Units are in the schema. */
export const defaults = {
  mode: 'enrich',
  classificationName: 'Atlas',
  concurrency: 8,
  successThreshold: 90,
  raiseOnError: true,
  stripHtml: false,
  atlas: { concurrency: 4, pageSize: 10_000, columnsBySearchLimit: 100_000, timeoutSeconds: 60, retries: 5 },
} as const;
