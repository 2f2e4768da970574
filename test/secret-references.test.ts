import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { recordingTerminal } from '../src/cli/recording-terminal.testing.ts';
import { runCli } from '../src/cli/run-cli.ts';
import { loadRecipe } from '../src/config/load-recipe.ts';
import { isSecretPath } from '../src/config/secret-keys.ts';
import { workflow } from '../src/schema/workflow.ts';
import { answeringManager } from '../src/secrets/answering-manager.testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'meridian-references-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'print.mjs'), 'process.stdout.write("of-the-command")');
writeFileSync(join(folder, 'hang.mjs'), 'setInterval(() => undefined, 1000)');

const command = (script: string) => `\${exec:"${process.execPath}" ${script}}`;

function recipeWith(password: string, server: object = {}) {
  return {
    source: {
      type: 'Atlas',
      serviceName: 'atlas',
      serviceConnection: {
        config: {
          type: 'Atlas',
          hostPort: 'http://atlas.example:21000',
          username: 'u',
          password,
          entity_type: 'hive_table',
        },
      },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
    },
    sink: { type: 'metadata-rest', config: {} },
    workflowConfig: {
      openMetadataServerConfig: {
        hostPort: 'http://openmetadata.example:8585/api',
        authProvider: 'openmetadata',
        securityConfig: { jwtToken: '${env:TOKEN}' },
        ...server,
      },
    },
    meridian: { mode: 'create' },
  };
}

const env = { TOKEN: 'token-of-the-bot' };
const load = (recipe: object, more: object = {}, options: object = {}) =>
  loadRecipe(recipe, { env: { ...env, ...more }, cwd: folder, ...options });
const passwordOf = async (loaded: ReturnType<typeof load>) =>
  (await loaded).config.source.serviceConnection.config as { password?: string };

async function validate(recipe: object, more: object = {}, mode = 0o600) {
  const file = join(folder, `recipe-${mode}.json`);
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify(recipe), { mode });
  const { terminal, data, notes } = recordingTerminal({ env: { ...env, ...more } });
  const code = await runCli(['validate', '-c', file, '-o', 'json'], terminal);
  return { code, found: JSON.parse(data()), notes: notes() };
}

describe('${exec:…} in a recipe', () => {
  it('runs for a program only when it is allowed', async () => {
    const recipe = recipeWith(command('print.mjs'));
    await expect(load(recipe)).rejects.toThrow(/not allowed here/);
    await expect(load(recipe, { MERIDIAN_ALLOW_EXEC: '1' }, { allowExec: false })).rejects.toThrow(/not allowed here/);
    expect(await passwordOf(load(recipe, {}, { allowExec: true }))).toMatchObject({ password: 'of-the-command' });
    expect(await passwordOf(load(recipe, { MERIDIAN_ALLOW_EXEC: '1' }))).toMatchObject({ password: 'of-the-command' });
  });

  it('runs on the command line unless it is forbidden', async () => {
    const recipe = recipeWith(command('print.mjs'));
    expect(await validate(recipe)).toMatchObject({ code: 0, found: { valid: true } });
    const forbidden = await validate(recipe, { MERIDIAN_ALLOW_EXEC: '0' });
    expect(forbidden).toMatchObject({
      code: 2,
      found: { problems: [{ path: expect.stringMatching(/password$/), line: 1 }] },
    });
  });

  it('has the time that MERIDIAN_EXEC_TIMEOUT gives', async () => {
    const loaded = load(recipeWith(command('hang.mjs')), { MERIDIAN_EXEC_TIMEOUT: '0.2' }, { allowExec: true });
    await expect(loaded).rejects.toThrow(/not done within 0.2 s/);
  });
});

describe('secret:<id> in a recipe', () => {
  const manager = { secretsManagerProvider: 'managed-aws', secretsManagerLoader: 'env' };
  const credentials = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AK', AWS_SECRET_ACCESS_KEY: 'sk' };

  it('is put in from the secrets manager, and masked', async () => {
    const server = await answeringManager(() => ({ status: 200, body: { SecretString: 'of-the-manager' } }));
    try {
      const more = { ...credentials, AWS_ENDPOINT_URL: server.url };
      const loaded = load(recipeWith('secret:/om/atlas', manager), more);
      expect(await passwordOf(loaded)).toMatchObject({ password: 'of-the-manager' });
      expect((await loaded).redactor.redact('it is of-the-manager')).toBe('it is ***');
      expect(server.asked.map(({ body }) => JSON.parse(body))).toEqual([{ SecretId: '/om/atlas' }]);
    } finally {
      await server.close();
    }
  });

  it('is a mistake at its place when the manager has none, and is not looked up to validate', async () => {
    const missing = { status: 400, body: { __type: 'ResourceNotFoundException', message: 'none' } };
    const server = await answeringManager(() => missing);
    try {
      const more = { ...credentials, AWS_ENDPOINT_URL: server.url };
      const recipe = recipeWith('secret:/om/atlas', manager);
      await expect(load(recipe, more)).rejects.toThrow(/password: AWS Secrets Manager has no secret \/om\/atlas/);
      server.asked.length = 0;
      expect(await validate(recipe, more)).toMatchObject({ code: 0 });
      expect(server.asked).toEqual([]);
    } finally {
      await server.close();
    }
  });
});

describe.skipIf(process.platform === 'win32')('a recipe file that everybody may read', () => {
  it('draws a warning in validate, and is valid', async () => {
    const { code, found, notes } = await validate(recipeWith('written-out'), {}, 0o644);
    expect([code, found.valid]).toEqual([0, true]);
    expect(found.warnings).toMatchObject([{ path: expect.stringMatching(/password$/) }]);
    expect(notes).toMatch(/warning: .*chmod 600/);
    expect(notes + JSON.stringify(found)).not.toContain('written-out');
    expect((await validate(recipeWith('written-out'))).notes).not.toMatch(/warning/);
  });
});

it('every key that a schema calls a password is masked by its name', () => {
  const names = new Set<string>();
  const visit = (schema: unknown, name: string): void => {
    if (typeof schema !== 'object' || schema === null) return;
    if ((schema as { format?: unknown }).format === 'password') names.add(name);
    for (const [key, inner] of Object.entries(schema)) visit(inner, key);
  };
  visit(workflow, '');
  expect(names.size).toBeGreaterThan(6);
  for (const name of names) expect([name, isSecretPath(['a', name])]).toEqual([name, true]);
});
