import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRecipe } from './load-recipe.ts';
import { RecipeError } from './recipe-error.ts';

const good = `source:
  type: Atlas
  serviceName: local_atlas
  serviceConnection:
    config:
      type: Atlas
      hostPort: http://atlas.example:21000
      username: reader
      password: pass-of-the-reader
      databaseServiceName: [local_hive]
      messagingServiceName: []
      entity_type: hive_table
  sourceConfig:
    config:
      type: DatabaseMetadata
sink:
  type: metadata-rest
  config: {}
workflowConfig:
  openMetadataServerConfig:
    hostPort: http://openmetadata.example:8585/api
    authProvider: openmetadata
    securityConfig:
      jwtToken: token-of-the-bot
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-recipe-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
async function fileWith(text: string): Promise<string> {
  count += 1;
  const path = join(folder, `recipe-${count}.yaml`);
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

const load = async (text: string, env: Record<string, string> = {}) =>
  loadRecipe(await fileWith(text), { env, cwd: folder });

async function refused(source: string): Promise<RecipeError> {
  const error = await loadRecipe(source, { env: {}, cwd: folder }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RecipeError);
  return error as RecipeError;
}

const problemsOf = async (text: string) => (await refused(await fileWith(text))).problems;

describe('a good recipe', () => {
  it('gets its defaults', async () => {
    const { settings, warnings } = await load(good);
    expect(warnings).toEqual([]);
    expect(settings).toMatchObject({
      sourceType: 'Atlas',
      sourceHost: 'atlas.example:21000',
      targetHost: 'openmetadata.example:8585',
      mode: 'enrich',
      successThreshold: 90,
      raiseOnError: true,
      concurrency: 8,
      classificationName: 'Atlas',
      connection: { databaseServiceName: ['local_hive'], entityType: 'hive_table' },
    });
  });

  it('may be wrapped, JSON, an object, and name its types in any case', async () => {
    const { config } = await load(good);
    const { settings } = await loadRecipe({ openMetadataWorkflowConfig: config }, { env: {} });
    expect(settings.serviceName).toBe('local_atlas');
    await expect(load(JSON.stringify(config))).resolves.toMatchObject({ settings: { serviceName: 'local_atlas' } });
    const other = good.replaceAll('type: Atlas', 'type: atlas').replace('DatabaseMetadata', 'databasemetadata');
    await expect(load(other)).resolves.toMatchObject({ settings: { sourceType: 'Atlas' } });
  });

  it('has its references put in, from the environment and from files beside it', async () => {
    await writeFile(join(folder, 'token.txt'), 'token-from-a-file\n');
    const text = good
      .replace('pass-of-the-reader', '${env:ATLAS_PASSWORD}')
      .replace('token-of-the-bot', '${file:token.txt}');
    const { settings, secrets } = await load(text, { ATLAS_PASSWORD: 'from-the-environment' });
    expect(settings.connection).toMatchObject({ signIn: { password: 'from-the-environment' } });
    expect(settings.openMetadata.securityConfig?.jwtToken).toBe('token-from-a-file');
    expect(secrets).toEqual(expect.arrayContaining(['from-the-environment', 'token-from-a-file']));
  });

  it('has /api added to the server’s address, with a warning', async () => {
    const { settings, warnings } = await load(good.replace('8585/api', '8585'));
    expect(settings.openMetadata.hostPort).toBe('http://openmetadata.example:8585/api');
    expect(warnings).toMatchObject([{ line: 21, path: 'workflowConfig.openMetadataServerConfig.hostPort' }]);
  });
});

describe('mistakes', () => {
  it('are all told at once, with their places and what was probably meant', async () => {
    const text = good
      .replace('serviceName: local_atlas', 'servicName: local_atlas')
      .replace('entity_type', 'entityType');
    const path = await fileWith(text);
    const error = await refused(path);
    expect(error.exitCode).toBe(2);
    expect(error.problems).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ line: 3, path: 'source.servicName', suggestion: 'Did you mean “serviceName”?' }),
        expect.objectContaining({ line: 12, suggestion: 'Did you mean “entity_type”?' }),
      ]),
    );
    expect(error.message).toContain(`${path}:3:`);
    expect(error.message).toContain(`${path}:12:`);
  });

  it.each([
    [
      'a sign-in without one of its keys',
      [
        'openmetadata\n    securityConfig:\n      jwtToken: token-of-the-bot',
        'auth0\n    securityConfig: {clientId: a, secretKey: b}',
      ],
      /domain.*missing/,
    ],
    ['a missing token', ['      jwtToken: token-of-the-bot', '      {}'], /token/i],
    ['nothing to enrich', ['[local_hive]', '[]'], /enrich/],
    [
      'a placeholder in angle brackets',
      ['http://openmetadata.example:8585/api', '"<OpenMetadata host and port>"'],
      /placeholder/,
    ],
    ['a placeholder in braces', ['token-of-the-bot', '"{bot_jwt_token}"'], /placeholder/],
    ['an address that is none', ['http://atlas.example:21000', 'atlas.example'], /address/],
    ['a variable that is not set', ['pass-of-the-reader', '${env:NOT_SET}'], /NOT_SET is not set/],
    [
      'an address in a variable that is not set',
      ['http://atlas.example:21000', '${env:NOT_SET}'],
      /NOT_SET is not set/,
    ],
    ['a file that is not there', ['token-of-the-bot', '${file:nowhere.txt}'], /nowhere\.txt cannot be read/],
    ['another kind of source', ['source:\n  type: Atlas', 'source:\n  type: Hive'], /not known/],
  ])('%s', async (_, [from, to], message) => {
    const problems = await problemsOf(good.replace(from as string, to as string));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.line).toBeGreaterThan(0);
  });
});

describe('files that are no recipe', () => {
  it.each([
    ['an empty file', '', /empty/],
    ['a list', '- a\n- b\n', /map/],
    ['two documents', `${good}---\n${good}`, /several YAML documents/],
    ['a key that stands twice', `${good}sink: {}\n`, /unique|twice/],
    ['broken YAML', 'source: [unclosed\n', /YAML/],
    ['too large a file', `${good}#${'x'.repeat(5 * 1024 * 1024)}`, /at most/],
    ['an alias bomb', bomb(), /alias/i],
  ])('%s', async (_, text, message) => {
    expect((await refused(await fileWith(text))).message).toMatch(message);
  });

  it('a folder, and a file that is not there', async () => {
    expect((await refused(folder)).message).toMatch(/folder/);
    expect((await refused(join(folder, 'missing.yaml'))).message).toMatch(/no such file/);
  });
});

function bomb(): string {
  const levels = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i += 1) levels.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`)}]`);
  return `${levels.join('\n')}\n`;
}
