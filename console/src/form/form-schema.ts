import type { RJSFSchema, UiSchema } from '@rjsf/utils';
import type { JsonSchema } from '../../../src/schema/parts.ts';
import { labelOf } from '../texts/form-labels.ts';
import { isTree, type Tree } from './path.ts';

export interface FormSchema {
  readonly schema: RJSFSchema;
  readonly uiSchema: UiSchema;
}

export interface FormSchemaOptions {
  /** Keys that are seen at once, in this order; all others wait behind “More settings”. All are seen unless set. */
  readonly main?: readonly string[];
  /** Keys that the form has no place for. */
  readonly without?: readonly string[];
}

/**
 * The part of a recipe's schema that a form can draw. Left out: names of types that have one value, keys without effect
 * that the recipe does not use, and shapes that are better written as YAML (those keep their values).
 */
export function formSchema(schema: JsonSchema, data: unknown, options: FormSchemaOptions = {}): FormSchema {
  const { main, without = [] } = options;
  const values = isTree(data) ? data : {};
  const known = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const names = [...(main ?? []), ...Object.keys(known).filter((name) => !main?.includes(name))];
  const properties: Record<string, RJSFSchema> = {};
  const uiSchema: UiSchema = { 'ui:label': false };
  for (const name of names) {
    const property = known[name];
    if (!property || without.includes(name)) continue;
    const drawn = drawnProperty(name, property, values[name]);
    if (!drawn) continue;
    properties[name] = drawn.schema;
    const more = main !== undefined && !main.includes(name);
    uiSchema[name] = { ...drawn.uiSchema, 'ui:options': { ...drawn.uiSchema['ui:options'], more } };
  }
  const required = ((schema['required'] ?? []) as string[]).filter((name) => name in properties);
  return { schema: { type: 'object', properties, required }, uiSchema };
}

function drawnProperty(name: string, written: JsonSchema, value: unknown): FormSchema | undefined {
  const schema = drawable(written, value);
  const { description = '', enum: words } = schema as { description?: string; enum?: readonly unknown[] };
  if (value === undefined && /no effect here\.$/i.test(description)) return undefined;
  if (words?.length === 1) return undefined;
  const title = labelOf(name);
  const plain = (more: UiSchema = {}): FormSchema => {
    // Its default shows as such in the field; it does not become the recipe's own word.
    const { default: standard, allOf: _, anyOf: __, ...rest } = schema;
    return {
      schema: { ...(rest as RJSFSchema), title },
      uiSchema: { ...more, 'ui:options': { standard: (standard ?? undefined) as string } },
    };
  };
  switch (schema['type']) {
    case 'string':
    case 'boolean':
    case 'integer':
    case 'number':
      return plain();
    case 'array':
      return isTextList(schema) ? plain({ 'ui:field': 'textList' }) : undefined;
    case 'object': {
      if (schema['properties'] !== undefined) {
        const inner = formSchema(schema, value);
        if (Object.keys(inner.schema.properties ?? {}).length === 0) return undefined;
        // Only the outermost is without a title: its section has one.
        const { 'ui:label': _label, ...uiSchema } = inner.uiSchema;
        return { schema: { ...inner.schema, title, description }, uiSchema };
      }
      return isTextMap(schema) ? plain({ 'ui:field': 'textMap' }) : undefined;
    }
    default:
      return undefined;
  }
}

/**
 * A schema in the one shape that a field can have. Of alternatives it takes the objects as one with all of their keys, else
 * the first; the server says when what was filled in does not go together. Values of another shape stay in the YAML.
 */
function drawable(schema: JsonSchema, value: unknown): JsonSchema {
  const { anyOf, oneOf, ...rest } = schema;
  const choices = (anyOf ?? oneOf) as readonly JsonSchema[] | undefined;
  if (schema['type'] === undefined && choices) {
    const objects = choices.filter((choice) => choice['properties'] !== undefined);
    const chosen: JsonSchema =
      objects.length > 0
        ? { type: 'object', properties: Object.assign({}, ...objects.map((choice) => choice['properties'])) }
        : drawable(choices[0] ?? {}, value);
    return hasShape(value, chosen) ? { ...chosen, ...rest } : {};
  }
  const [type] = [schema['type']].flat().filter((each) => each !== 'null');
  // Words alone are texts.
  if (type === undefined && Array.isArray(schema['enum'])) return { ...schema, type: 'string' };
  return { ...schema, type };
}

function hasShape(value: unknown, { type }: JsonSchema): boolean {
  if (value === undefined || value === null) return true;
  if (type === 'object') return isTree(value);
  if (type === 'array') return Array.isArray(value);
  return typeof value === (type === 'integer' ? 'number' : type);
}

function isTextList({ items }: JsonSchema): boolean {
  return isTree(items) && (items as Tree)['type'] === 'string';
}

function isTextMap({ additionalProperties: more }: JsonSchema): boolean {
  return isTree(more) && (more as Tree)['type'] === 'string';
}
