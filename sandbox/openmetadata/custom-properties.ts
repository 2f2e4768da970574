import { badRequest } from './api-error.ts';
import type { Context } from './context.ts';
import { type Doc, docList, isDoc, text, textList } from './doc.ts';

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
    if (kind === 'enum') {
      checkWords(name, value, property);
      continue;
    }
    const fits = WANTS[text(kind) ?? ''];
    if (fits !== undefined && !fits(value)) {
      throw badRequest(`Custom field ${name} has invalid JSON [$: ${JSON.stringify(value)} is no ${String(kind)}]`);
    }
  }
}

/** An enum's value is a list of its words, of one word unless it takes several. */
function checkWords(name: string, value: unknown, property: Doc): void {
  const config = isDoc(property['customPropertyConfig']) ? property['customPropertyConfig']['config'] : undefined;
  const { multiSelect, values } = isDoc(config) ? config : {};
  const words = textList(value);
  if (!Array.isArray(value) || words.length !== value.length) {
    throw badRequest(`Custom field ${name} has invalid JSON [$: ${JSON.stringify(value)} is no enum]`);
  }
  if (multiSelect !== true && words.length > 1) {
    throw badRequest(`Only one value allowed for enum property ${name}`);
  }
  const stranger = words.find((word) => !textList(values).includes(word));
  if (stranger !== undefined) {
    throw badRequest(`Values '[${stranger}]' not supported for property ${name}`);
  }
}
