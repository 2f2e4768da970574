import { Ajv } from 'ajv';
import { recordKinds } from '../../schema/record-schema.ts';
import { sourceTypes } from '../registry.ts';
import { connectorKit, type DefinedConnector } from './define-connector.ts';

/** What is wrong with a module's default export, and what to do. */
export interface DefinitionMistake {
  readonly message: string;
  readonly suggestion: string;
}

type Values = Readonly<Record<string, unknown>>;

const shape = 'export default defineConnector({ spec: { … }, settings(connection) { … }, create(connection) { … } })';

/** The first mistake of what a connector's module exports by default; undefined for a connector. */
export function definitionMistake(exported: unknown): DefinitionMistake | undefined {
  if (exported === undefined) {
    return { message: 'The module has no default export.', suggestion: `Write ${shape}.` };
  }
  if (!isMap(exported) || exported['meridianConnector'] === undefined) {
    return {
      message: 'The module’s default export was not made by defineConnector.',
      suggestion: `Import defineConnector from meridian-metadata and write ${shape}.`,
    };
  }
  const kit = exported['meridianConnector'];
  if (typeof kit !== 'number' || kit > connectorKit) {
    return {
      message: `The connector was made with version ${String(kit)} of the kit; this Meridian knows version ${connectorKit}.`,
      suggestion: 'Update Meridian, or install in the connector the version of meridian-metadata that you run.',
    };
  }
  for (const name of ['settings', 'create']) {
    if (typeof exported[name] !== 'function') {
      return { message: `The connector has no function ${name}.`, suggestion: `Write ${shape}.` };
    }
  }
  return specMistake(exported['spec']);
}

function specMistake(spec: unknown): DefinitionMistake | undefined {
  const told = (message: string, suggestion: string): DefinitionMistake => ({ message, suggestion });
  if (!isMap(spec)) return told('The connector has no spec.', `Write ${shape}.`);
  const { type } = spec;
  if (typeof type !== 'string' || !/^[A-Za-z][A-Za-z0-9]*$/.test(type)) {
    return told('spec.type is no name of a connector.', 'Give it a word of letters and digits, such as Bakery.');
  }
  if (sourceTypes.some((own) => own.toLowerCase() === type.toLowerCase())) {
    return told(
      `spec.type “${type}” is a connector of Meridian’s own.`,
      'What is remembered between runs goes by this name: choose another one.',
    );
  }
  for (const key of ['title', 'summary']) {
    if (typeof spec[key] !== 'string' || spec[key] === '') return told(`spec.${key} is no text.`, 'Say it in words.');
  }
  if (spec['defaultMode'] !== 'create' && spec['defaultMode'] !== 'enrich') {
    return told('spec.defaultMode is neither create nor enrich.', 'A database or server of its own has create.');
  }
  if (!Array.isArray(spec['capabilities'])) return told('spec.capabilities is no list.', 'Write [] for none.');
  const kinds = spec['emits'];
  const stranger = Array.isArray(kinds) ? kinds.find((kind) => !recordKinds.includes(kind)) : kinds;
  if (!Array.isArray(kinds) || stranger !== undefined) {
    return told(`spec.emits has no such kind: ${String(stranger)}.`, `Kinds are ${recordKinds.join(', ')}.`);
  }
  return schemaMistake(spec['connection']);
}

function schemaMistake(schema: unknown): DefinitionMistake | undefined {
  const told = (why: string): DefinitionMistake => ({
    message: `spec.connection is no JSON Schema of an object: ${why}`,
    suggestion: 'Write { type: "object", additionalProperties: false, required: […], properties: { … } } (draft-07).',
  });
  if (!isMap(schema)) return told('it is no map.');
  if (schema['type'] !== 'object' || !isMap(schema['properties']))
    return told('it has no type object with properties.');
  const ajv = new Ajv({ strict: false, validateFormats: false });
  try {
    if (!ajv.validateSchema(schema)) return told(ajv.errorsText(ajv.errors, { dataVar: 'connection' }));
    ajv.compile(schema);
  } catch (error) {
    return told(error instanceof Error ? error.message : String(error));
  }
  return undefined;
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isConnector(exported: unknown): exported is DefinedConnector {
  return definitionMistake(exported) === undefined;
}
