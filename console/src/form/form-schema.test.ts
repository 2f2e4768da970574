import { describe, expect, it } from 'vitest';
import { connections } from '../../../src/schema/connections.ts';
import { databaseMetadata } from '../../../src/schema/database-metadata.ts';
import { meridianBlock } from '../../../src/schema/meridian-block.ts';
import { openMetadataConnection } from '../../../src/schema/openmetadata-connection.ts';
import { sourceConfigs } from '../../../src/schema/source-configs.ts';
import { errorSchema } from './error-schema.ts';
import { formSchema } from './form-schema.ts';

const schemas = { ...connections, ...sourceConfigs, meridianBlock, openMetadataConnection };

describe('what a form draws of a recipe', () => {
  it.each(Object.entries(schemas))(
    '%s has no alternatives in it, which nothing here could choose from',
    (_, schema) => {
      const text = JSON.stringify(formSchema(schema, {}).schema);
      for (const word of ['"anyOf"', '"oneOf"', '"if"', '"$ref"']) expect(text).not.toContain(word);
    },
  );

  it('secrets are password fields, lists and maps have fields of their own, defaults only show', () => {
    const { schema, uiSchema } = formSchema(connections.Atlas, {}, { main: ['hostPort', 'password'] });
    expect(Object.keys(schema.properties!).slice(0, 2)).toEqual(['hostPort', 'password']);
    expect(schema.properties!['password']).toMatchObject({ type: 'string', format: 'password', title: 'Password' });
    expect(uiSchema['databaseServiceName']).toMatchObject({ 'ui:field': 'textList', 'ui:options': { more: true } });
    expect(JSON.stringify(schema)).not.toContain('"default"');
    expect(formSchema(meridianBlock, {}).uiSchema['clusters']).toMatchObject({ 'ui:field': 'textMap' });
    expect(formSchema(databaseMetadata, {}).uiSchema['includeTables']).toMatchObject({
      'ui:options': { standard: true },
    });
  });

  it('of alternatives a form has the keys of all, as long as the recipe holds such a shape', () => {
    const signIn = (data: object) => formSchema(connections.Trino, data).schema.properties!['authType'];
    expect(signIn({})).toMatchObject({
      properties: { password: { format: 'password' }, jwt: { format: 'password' }, azureConfig: { type: 'object' } },
    });
    expect(signIn({ authType: { jwt: 'x' } })).toBeDefined();
    expect(signIn({ authType: 'OAuth2' })).toBeUndefined();
    expect(formSchema(connections.Postgres, {}).schema.properties).toMatchObject({
      authType: { properties: { password: { format: 'password' } } },
      sslMode: { type: 'string' },
    });
  });

  it('numbers that may be empty are numbers, and metrics are chosen from a list', () => {
    const { schema, uiSchema } = formSchema(sourceConfigs.Profiler, {});
    expect(schema.properties).toMatchObject({ profileSample: { type: 'number' }, threadCount: { type: 'integer' } });
    expect(schema.properties!['metrics']).toMatchObject({ items: { enum: expect.arrayContaining(['median']) } });
    expect(uiSchema['metrics']).toMatchObject({ 'ui:field': 'textList' });
  });

  it('leaves out what has no effect, unless the recipe has it', () => {
    expect(formSchema(databaseMetadata, {}).schema.properties).not.toHaveProperty('threads');
    expect(formSchema(databaseMetadata, { threads: 4 }).schema.properties).toHaveProperty('threads');
    expect(formSchema(connections.Atlas, {}).schema.properties).not.toHaveProperty('type');
  });
});

it('a problem shows at its field: a missing key at its own, an entry of a list at the list', () => {
  const at = (path: string, message: string) => ({ file: 'recipe', line: 1, column: 1, path, message });
  const problems = [
    at('source.serviceConnection.config', 'The key “entity_type” is missing.'),
    at('source.serviceConnection.config.databaseServiceName.1', 'This is a number.'),
    at('meridian.mode', 'No.'),
  ];
  expect(errorSchema(problems, ['source', 'serviceConnection', 'config'])).toEqual({
    entity_type: { __errors: ['This is needed.'] },
    databaseServiceName: { __errors: ['This is a number.'] },
  });
});
