import { expect, it } from 'vitest';
import { reachesOf, requireRecipeRights, requireSecretsForNewAddress } from './recipe-rights.ts';

const recipeWith = (config: object, more: object = {}) => ({
  source: {
    type: 'Atlas',
    serviceName: 'local_atlas',
    serviceConnection: { config: { type: 'Atlas', hostPort: 'http://localhost:21000', ...config } },
  },
  ...more,
});

it('leaves a recipe alone that only talks to servers', () => {
  const recipe = recipeWith(
    {
      username: 'admin',
      password: 'a/b\\c',
      connectionArguments: { auth: 'token', token: 'eyJhbGciOi.eyJzdWIi.c2ln' },
    },
    { meridian: { mode: 'create', clusters: { prod: 'hive_prod' } } },
  );
  expect(reachesOf(recipe)).toEqual([]);
  expect(() => requireRecipeRights(recipe, 'operator')).not.toThrow();
});

it.each([
  ['a command', recipeWith({ password: 'x${exec:cat /etc/passwd}' })],
  ['a file', recipeWith({ password: '${file:/etc/passwd}' })],
  ['a variable', recipeWith({ username: '${env:MERIDIAN_KEY}' })],
  ['a command in a list', recipeWith({ databaseServiceName: ['a', '${exec:id}'] })],
  ['a command in a wrapped recipe', { openMetadataWorkflowConfig: recipeWith({ password: '${exec:id}' }) }],
  ['an unknown reference', recipeWith({ password: '${other:thing}' })],
  ['a secret of this machine', recipeWith({ password: 'secret:/prod/db' })],
  ['a module', recipeWith({}, { processor: { type: 'module', config: { path: './evil.mjs' } } })],
  [
    'a module beside a profiler',
    recipeWith({}, { processor: { type: './evil.mjs', config: { type: 'orm-profiler' } } }),
  ],
  ['a command in a profiler', recipeWith({}, { processor: { type: 'orm-profiler', config: { a: '${exec:id}' } } })],
  ['a file that checks a certificate', recipeWith({ verify: '/etc/shadow' })],
  ['a file as a token', recipeWith({ connectionArguments: { token: '/var/run/secrets/token' } })],
  ['a file as a certificate', recipeWith({ connectionArguments: { sslConfig: { sslKey: 'key.pem' } } })],
  ['a place of the state', recipeWith({}, { meridian: { state: { path: '/etc/cron.d/x' } } })],
  ['a place of dead letters', recipeWith({}, { meridian: { deadLetters: '/tmp/x' } })],
  ['a connector by its path', { source: { type: './evil' } }],
  ['a connector by its absolute path', { openMetadataWorkflowConfig: { source: { type: '/tmp/evil.js' } } }],
  ['a connector in the folder above', { source: { type: '../evil' } }],
  ['a connector of Windows', { source: { type: 'C:\\evil' } }],
  ['a connector in a package', { source: { type: '@evil/connector' } }],
  ['a source that is a file', { source: { type: 'File', serviceConnection: { config: { path: '/etc/shadow' } } } }],
])('%s is for admins', (_name, recipe) => {
  expect(() => requireRecipeRights(recipe, 'operator')).toThrow(/takes the role admin/);
  expect(() => requireRecipeRights(recipe, 'admin')).not.toThrow();
});

it('settings of a profiler are for operators', () => {
  const recipe = recipeWith({ verify: 'true' }, { processor: { type: 'orm-profiler', config: { tableConfig: [] } } });
  expect(() => requireRecipeRights(recipe, 'operator')).not.toThrow();
});

it('a stored secret goes only to where it went before', () => {
  const stored = recipeWith({ username: 'reader', password: '***' }, { meridian: { mode: 'create' } });
  const moved = recipeWith({ hostPort: 'http://evil.example', password: '***' });
  expect(() => requireSecretsForNewAddress(moved, stored, 'operator')).toThrow(/password has to be given again/);
  expect(() => requireSecretsForNewAddress(moved, stored, 'admin')).not.toThrow();
  const again = recipeWith({ hostPort: 'http://other.example', password: 'typed in' });
  expect(() => requireSecretsForNewAddress(again, stored, 'operator')).not.toThrow();
  const renamed = recipeWith({ username: 'other', password: '***' }, { meridian: { mode: 'enrich' } });
  expect(() => requireSecretsForNewAddress(renamed, stored, 'operator')).not.toThrow();
});
