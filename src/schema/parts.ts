/** A JSON Schema (draft-07), as plain data. */
export type JsonSchema = { readonly [key: string]: unknown };

export const text = (description: string, more: JsonSchema = {}): JsonSchema => ({
  type: 'string',
  description,
  ...more,
});
export const flag = (description: string, byDefault?: boolean): JsonSchema => ({
  type: 'boolean',
  description,
  ...(byDefault !== undefined && { default: byDefault }),
});
export const whole = (description: string, minimum: number, byDefault?: number): JsonSchema => ({
  type: 'integer',
  minimum,
  description,
  ...(byDefault !== undefined && { default: byDefault }),
});
export const texts = (description: string): JsonSchema => ({ type: 'array', items: { type: 'string' }, description });
export const secret = (description: string): JsonSchema => text(description, { format: 'password' });
export const mapOfTexts = (description: string): JsonSchema => ({
  type: 'object',
  additionalProperties: { type: 'string' },
  description,
});
export const open = (description: string): JsonSchema => ({ type: 'object', description });

/** An object whose unknown keys are mistakes. */
export const closed = (
  description: string,
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = [],
): JsonSchema => ({ type: 'object', description, additionalProperties: false, required: [...required], properties });

export const filterPattern = (what: string): JsonSchema =>
  closed(`Which ${what} are read. Regular expressions, matched from the start of the name without regard to case.`, {
    includes: texts(`Only ${what} that match one of these.`),
    excludes: texts(`No ${what} that match one of these; wins over includes.`),
  });

/** One of these words; a recipe may write it in any case. */
export const oneOf = (values: readonly string[], description: string, byDefault?: string): JsonSchema => ({
  type: 'string',
  enum: [...values],
  description,
  ...(byDefault !== undefined && { default: byDefault }),
});

/** The name of a type. */
export const typeName = (name: string, description: string): JsonSchema => oneOf([name], description, name);

/** Keys that OpenMetadata's own tools follow and that change nothing in a run of ours. */
export const noEffect = 'Accepted for compatibility; no effect here.';
