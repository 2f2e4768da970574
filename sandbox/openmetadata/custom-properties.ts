import { badRequest } from './api-error.ts';
import type { Context } from './context.ts';
import { type Doc, docList, isDoc, text } from './doc.ts';

/** Types of values that a custom property can have, by what JSON they want. */
const WANTS: Readonly<Record<string, (value: unknown) => boolean>> = {
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  timestamp: (value) => typeof value === 'number',
  string: (value) => typeof value === 'string',
  markdown: (value) => typeof value === 'string',
  email: (value) => typeof value === 'string',
  sqlQuery: (value) => typeof value === 'string',
  duration: (value) => typeof value === 'string',
  timeInterval: isDoc,
  entityReference: isDoc,
  entityReferenceList: Array.isArray,
};

/**
 * Checks the values of custom properties against what the entity's type defines.
 * @throws {ApiError} 400 for a property that is not defined, or a value of another type.
 */
export function checkExtension(type: string, extension: Doc | undefined, context: Context): void {
  if (extension === undefined) {
    return;
  }
  const properties = docList(context.store.byFqn('type', type)?.doc['customProperties']);
  for (const [name, value] of Object.entries(extension)) {
    const property = properties.find((candidate) => candidate['name'] === name);
    if (property === undefined) {
      throw badRequest(`Unknown custom field ${name}`);
    }
    const kind = context.links.byId(String((property['propertyType'] as Doc)['id']))?.reference['name'];
    const fits = WANTS[text(kind) ?? ''];
    if (fits !== undefined && !fits(value)) {
      throw badRequest(`Custom field ${name} has invalid JSON [$: ${JSON.stringify(value)} is no ${String(kind)}]`);
    }
  }
}
