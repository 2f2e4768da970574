import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startOpenMetadata } from '../sandbox/openmetadata/start-openmetadata.ts';
import { loadRecipe } from '../src/config/load-recipe.ts';
import { sourceTypes } from '../src/connectors/registry.ts';
import { type Change, isWrite } from '../src/reconcile/change.ts';
import { Workflow } from '../src/workflow/workflow.ts';
import { recipeWorlds } from './recipe-worlds.ts';

interface Written {
  readonly source: {
    readonly type: string;
    readonly serviceName: string;
    readonly serviceConnection: { readonly config: object };
    readonly sourceConfig: { readonly config: Readonly<Record<string, unknown>> };
  };
  readonly meridian?: object;
}

const folder = join(import.meta.dirname, '..', 'recipes');
const recipes = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ name, written: parse(readFileSync(join(folder, name), 'utf8')) as Written }));

const typeOf = ({ source }: Written): string => source.type.toLowerCase();
const isMetadata = ({ source }: Written): boolean => source.sourceConfig.config['type'] === 'DatabaseMetadata';

/**
 * What is left of a recipe without the source's type, service and connection, and without what is optional in every recipe:
 * which kinds, owners and names are carried over, and the `meridian` block.
 */
function rest({ source, meridian: _, ...others }: Written): object {
  const { type: _type, serviceName: _name, serviceConnection, sourceConfig, ...beside } = source;
  const { config: _connection, ...besideConnection } = serviceConnection;
  const { config, ...besideConfig } = sourceConfig;
  const optional = /^(include[A-Z]\w+|markDeleted\w+|\w+FilterPattern|useFqnForFiltering|overrideMetadata)$/;
  const kept = Object.entries(config).filter(([key]) => !optional.test(key));
  return { ...others, source: { ...beside, besideConnection, besideConfig, config: Object.fromEntries(kept) } };
}

/** The documented recipe; all others are the same but for their source. */
const documented = recipes.find(({ name }) => name === 'atlas-page.yaml')!;
const plain = recipes.filter(({ name, written }) => isMetadata(written) && !name.startsWith('sign-in-'));

describe('from connector to connector a recipe is the same', () => {
  it.each(sourceTypes.map((type) => [type]))('there is one for %s', (type) => {
    expect(plain.map(({ written }) => typeOf(written))).toContain(type.toLowerCase());
  });

  it.each(plain)('$name differs from the documented one only in its source and in what is optional', ({ written }) => {
    expect(rest(written)).toEqual(rest(documented.written));
  });
});

/** What a recipe says of its company's own warehouse, as the sample has it: clusters, types and names of schemas. */
const ofTheSample: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'atlas-clusters.yaml': { 'meridian.clusters': { prod: 'hive_prod', dr: 'hive_test.staging' } },
  'atlas-enrich-with-filters.yaml': { 'source.sourceConfig.config.schemaFilterPattern.includes': ['shop.*'] },
  'atlas-page.yaml': { 'source.serviceConnection.config.entity_type': 'hive_table' },
};
/** These need a gateway, which the tests of signing in have. */
const behindGateways = new Set(['atlas-knox.yaml', 'atlas-knox-sso.yaml']);

describe.each(sourceTypes.map((type) => [type]))('the recipes for %s', (type) => {
  it('run: what there is comes over, and a second run writes nothing', async () => {
    const world = await recipeWorlds[type]();
    const home = await mkdtemp(join(tmpdir(), 'meridian-test-'));
    const openmetadata = await startOpenMetadata({ version: '1.13.0', strict: true });
    const envOf = (name: string) => ({
      ...world.env,
      OPENMETADATA_URL: openmetadata.url,
      OPENMETADATA_TOKEN: openmetadata.botToken,
      MERIDIAN_HOME: join(home, name),
    });
    const load = (name: string) => loadRecipe(join(folder, name), { env: envOf(name), flags: ofTheSample[name] ?? {} });
    const run = async (name: string) => {
      const changes: Change[] = [];
      const onChange = (change: Change): unknown => changes.push(change);
      const workflow = await Workflow.create(await load(name), { env: envOf(name), onChange });
      try {
        return { report: await workflow.execute(), changes };
      } finally {
        await workflow.stop();
      }
    };
    try {
      const own = plain.filter(
        ({ name, written }) => typeOf(written) === type.toLowerCase() && !behindGateways.has(name),
      );
      const modes = await Promise.all(
        own.map(async ({ name }) => ({
          name,
          ...(await loadRecipe(join(folder, name), { env: envOf(name) })).settings,
        })),
      );
      // What is enriched must have been made before.
      const inOrder = modes.toSorted((a, b) => (a.mode < b.mode ? -1 : 1));
      expect(inOrder[0]?.mode).toBe('create');
      for (const [i, { name, mode }] of inOrder.entries()) {
        const first = await run(name);
        expect([name, first.report.state, first.report.failures]).toEqual([name, 'success', []]);
        const tables = first.report.stages['table']!;
        expect(mode === 'create' && i === 0 ? tables.created : tables.read, name).toBeGreaterThan(0);
        const second = await run(name);
        expect([name, second.changes.filter(isWrite)]).toEqual([name, []]);
      }
    } finally {
      await openmetadata.close();
      await world.close();
      await rm(home, { recursive: true, force: true });
    }
  });
});
