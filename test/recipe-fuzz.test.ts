import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { recordingTerminal } from '../src/cli/recording-terminal.testing.ts';
import { runCli } from '../src/cli/run-cli.ts';
import { loadRecipe } from '../src/config/load-recipe.ts';
import { RecipeError } from '../src/config/recipe-error.ts';
import type { AtlasSettings } from '../src/connectors/atlas/atlas-connector.ts';
import { createAtlasAuth } from '../src/connectors/atlas/auth/atlas-auth.ts';
import { MeridianError } from '../src/errors.ts';
import { tlsOptions } from '../src/http/tls-options.ts';
import { createAuth } from '../src/openmetadata/auth/create-auth.ts';
import { Dice, mutantOf, textMutantOf } from './recipe-mutants.ts';

const seed = 20_261_125;
const count = 10_000;
const throughCli = 100;

const folder = join(import.meta.dirname, '../recipes');
/** What must not be seen: in the recipe itself, or where a reference finds it. */
const literal = 'L1teral+Secret/of=the recipe';
const env = {
  ATLAS_URL: 'http://atlas.example:21000',
  TRINO_HOST_PORT: 'trino.example:8080',
  TRINO_USER: 'reader',
  ATLAS_EXPORT: 'exports/sales.zip',
  RECORDS_FILE: 'exports/atlas.jsonl',
  POSTGRES_USER: 'reader',
  POSTGRES_PASSWORD: 'Env1ronment+password/of=postgres',
  POSTGRES_HOST_PORT: 'db.example:5432',
  POSTGRES_DATABASE: 'shop',
  OPENMETADATA_URL: 'http://openmetadata.example/api',
  ATLAS_USER: 'reader',
  CLIENT_ID: 'client-of-ours',
  ATLAS_PASSWORD: 'Env1ronment+password/of=atlas',
  OPENMETADATA_TOKEN: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJib3QtMTIzNDUifQ.c2lnbmF0dXJlLTEyMw',
  CLIENT_SECRET: 'Env1ronment+secret/of=client',
  GOOGLE_KEY: '{"private_key": "Env1ronment+key/of=google"}',
  OKTA_KEY: 'Env1ronment+key/of=okta',
};
const secrets = [
  literal,
  env.ATLAS_PASSWORD,
  env.POSTGRES_PASSWORD,
  env.OPENMETADATA_TOKEN,
  env.CLIENT_SECRET,
  env.GOOGLE_KEY,
  env.OKTA_KEY,
];
const forms = secrets.flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
]);

/** The recipes that we ship, each with its secrets by reference and written out. */
const recipes = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const writtenOut = text.replace(
      /\$\{env:(ATLAS_PASSWORD|POSTGRES_PASSWORD|OPENMETADATA_TOKEN|CLIENT_SECRET|OKTA_KEY)\}/g,
      literal,
    );
    return [parse(text) as object, parse(writtenOut) as object];
  });

function expectNoSecret(shown: string, about: string): void {
  const seen = forms.find((form) => shown.includes(form));
  if (seen !== undefined) expect.fail(`${about} shows ${seen}:\n${shown.slice(0, 2000)}`);
}

function everythingOf(error: MeridianError): string {
  const problems = error instanceof RecipeError ? JSON.stringify(error.problems) : '';
  return `${error.message}\n${error.help}\n${problems}\n${error.stack}`;
}

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'meridian-fuzz-'));
});
afterAll(() => rm(home, { recursive: true }));

describe(`recipes with mistakes in them (seed ${seed})`, () => {
  it('are each valid, or refused with exit code 2 and without a secret', async () => {
    const dice = new Dice(seed);
    const outcomes = { valid: 0, refused: 0 };
    for (let n = 0; n < count; n += 1) {
      const mutant = mutantOf(dice.pick(recipes), dice);
      const about = `mutant ${n}`;
      try {
        // Every other one as a text: only that has lines to quote.
        const isObject = n % 2 === 0 && typeof mutant === 'object' && mutant !== null;
        const given = isObject ? mutant : { text: stringify(mutant), name: 'mutant' };
        const { settings, redactor, warnings } = await loadRecipe(given, { env });
        outcomes.valid += 1;
        expectNoSecret(JSON.stringify([redactor.redactValue(settings), warnings]), about);
        await trySignIns(settings, about);
      } catch (error) {
        if (!(error instanceof MeridianError)) throw new Error(`${about} ended in a crash`, { cause: error });
        expect(error.exitCode, `${about}: ${error.message}`).toBe(2);
        outcomes.refused += 1;
        expectNoSecret(everythingOf(error), about);
      }
    }
    expect(outcomes.valid + outcomes.refused).toBe(count);
    expect(outcomes.valid).toBeGreaterThan(count / 50);
    expect(outcomes.refused).toBeGreaterThan(count / 4);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('are told so by the command line, in its words and as JSON', async () => {
    const dice = new Dice(seed + 1);
    const codes = new Map<number, number>();
    for (let n = 0; n < throughCli; n += 1) {
      const whole = dice.pick(recipes);
      const text = n % 2 === 0 ? stringify(mutantOf(whole, dice)) : textMutantOf(stringify(whole), dice);
      const file = join(home, 'mutant.yaml');
      await writeFile(file, text, { mode: 0o600 });
      const isValid = await loadRecipe(file, { env, readManagedSecrets: false }).then(
        () => true,
        (error: unknown) => {
          if (error instanceof MeridianError && error.exitCode === 2) return false;
          throw new Error(`mutant ${n} ended in a crash`, { cause: error });
        },
      );
      const more = dice.pick([
        ['validate'],
        ['validate', '-o', 'json'],
        ['config', 'show'],
        ['config', 'show', '-o', 'json'],
      ]);
      const { terminal, data, notes } = recordingTerminal({ env });
      const code = await runCli([...more, '-c', file], terminal);
      const shown = data() + notes();
      expect(code, `mutant ${n}, ${more.join(' ')}: ${shown}`).toBe(isValid ? 0 : 2);
      expect(shown).not.toContain('mistake in Meridian');
      expectNoSecret(shown, `mutant ${n}, ${more.join(' ')}`);
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    expect([...codes.keys()].sort()).toEqual([0, 2]);
  });
});

/** What a run would do before it contacts anybody. */
async function trySignIns(settings: Awaited<ReturnType<typeof loadRecipe>>['settings'], about: string): Promise<void> {
  const { openMetadata } = settings;
  const connection = settings.sourceType === 'Atlas' ? (settings.connection as AtlasSettings) : undefined;
  for (const open of [
    () => createAuth(openMetadata),
    () => tlsOptions(openMetadata),
    () => connection && createAtlasAuth(connection.signIn),
    () => connection && tlsOptions(connection.tls),
  ]) {
    try {
      await open();
    } catch (error) {
      if (!(error instanceof MeridianError)) throw new Error(`${about}: a sign-in crashed`, { cause: error });
      if (/\.bad-address$/.test(error.code)) expect.fail(`${about}: a bad address was not told: ${error.message}`);
      expectNoSecret(everythingOf(error), about);
    }
  }
}
