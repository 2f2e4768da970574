import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { recordingTerminal } from '../src/cli/recording-terminal.testing.ts';
import { runCli } from '../src/cli/run-cli.ts';
import { isWrite } from '../src/reconcile/change.ts';
import { Workflow } from '../src/workflow/workflow.ts';
import { type Bench, haveRecordings, openBench, type RunOptions, recipeFor, startRecorded } from './recorded-atlas.ts';
import { contentOf } from './target-content.ts';

const fileRecipe = join(import.meta.dirname, '..', 'recipes', 'file.yaml');
if (!haveRecordings) console.warn('Skipped in part: the recordings of a real Atlas are not beside the repository.');

/** One command line, as a user types it. */
async function meridian(bench: Bench, ...argv: string[]) {
  const recording = recordingTerminal({ env: { MERIDIAN_HOME: bench.home, CI: '1' } });
  const exitCode = await runCli(argv, recording.terminal);
  return { exitCode, data: recording.data(), notes: recording.notes() };
}

function recipeFile(bench: Bench, recipe: object): string {
  const path = join(bench.home, 'recipe.json');
  writeFileSync(path, JSON.stringify(recipe), { mode: 0o600 });
  return path;
}

/** Ingests a file by the recipe that we ship. */
async function ingestFile(bench: Bench, file: string) {
  let writes = 0;
  const workflow = await Workflow.create(fileRecipe, {
    env: {
      RECORDS_FILE: file,
      OPENMETADATA_URL: bench.openmetadata.url,
      OPENMETADATA_TOKEN: bench.openmetadata.botToken,
      MERIDIAN_HOME: bench.home,
    },
    onChange: (change) => {
      if (isWrite(change)) writes += 1;
    },
  });
  try {
    return { report: await workflow.execute(), writes: () => writes };
  } finally {
    await workflow.stop();
  }
}

describe.each([
  ['the sample warehouse', () => startAtlas(), true],
  ['a real Atlas’ answers', () => startRecorded('recorded'), haveRecordings],
] as const)('%s, exported and ingested from the file', (_, startServer, there) => {
  let direct: Bench;
  let bench: Bench;
  let atlas: AtlasStandIn;
  let file: string;
  const options: RunOptions = {
    services: ['local_hive'],
    sourceConfig: { includeOwners: true },
    meridian: { ownerMapping: { etl: 'admin' } },
  };
  beforeAll(async () => {
    if (!there) return;
    direct = await openBench();
    bench = await openBench();
    atlas = await startServer();
    file = join(bench.home, 'atlas.jsonl');
  });
  afterAll(async () => {
    await atlas?.close();
    await bench?.close();
    await direct?.close();
  });

  it.skipIf(!there)('makes what a direct ingest makes, and nothing more the next time', async () => {
    const { report } = await direct.run(atlas, options);
    const recipe = recipeFile(bench, recipeFor(atlas, bench.openmetadata, options));
    const exported = await meridian(bench, 'export', '-c', recipe, '-o', file);
    expect(exported).toMatchObject({ exitCode: 0, data: '' });
    expect(exported.notes).toMatch(/table \d+/);
    const first = await ingestFile(bench, file);
    expect(first.report).toMatchObject({ state: 'success', failures: [], partial: [], source: { type: 'File' } });
    expect(first.report.stages.table?.created).toBe(report.stages.table?.created);
    expect(first.report.stages.lineage?.created).toBe(report.stages.lineage?.created);
    expect(first.report.skipped).toEqual(report.skipped);
    const content = await contentOf(bench.openmetadata);
    expect(content).toEqual(await contentOf(direct.openmetadata));
    expect(content.length).toBeGreaterThan(20);
    const again = await ingestFile(bench, file);
    expect(again.writes()).toBe(0);
  });

  it.skipIf(!there)('has no secret of the recipe in its file', async () => {
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(bench.openmetadata.botToken);
    expect(text.split('\n')[0]).toContain(new URL(atlas.url).host);
    expect(text).not.toContain('"password"');
  });
});

it('what a later file lacks is listed, and neither deleted nor a reason for alarm', async () => {
  const bench = await openBench();
  const atlas = await startAtlas();
  try {
    const file = join(bench.home, 'atlas.jsonl');
    const recipe = recipeFile(bench, recipeFor(atlas, bench.openmetadata));
    await meridian(bench, 'export', '-c', recipe, '-o', file);
    const first = await ingestFile(bench, file);
    atlas.mutate([{ op: 'deleteEntity', typeName: 'hive_table', qualifiedName: 'loyalty.customers@prod' }]);
    await meridian(bench, 'export', '-c', recipe, '-o', file);
    const { report } = await ingestFile(bench, file);
    expect(report.stages.table).toMatchObject({ read: first.report.stages.table!.read - 1, gone: 1, deleted: 0 });
    expect(report).toMatchObject({ state: 'success', guards: [] });
  } finally {
    await atlas.close();
    await bench.close();
  }
});

it.each([
  ['atlas-export.yaml', 'ATLAS_EXPORT', 'atlas-export.not-a-zip'],
  ['file.yaml', 'RECORDS_FILE', 'records-file.no-records'],
])('%s: a file that is none of its kind ends the run before anything is sent', async (name, variable, code) => {
  const bench = await openBench();
  try {
    const file = join(bench.home, 'other');
    writeFileSync(file, '<html>Sign in</html>');
    const before = bench.openmetadata.requests().filter(({ method }) => method !== 'GET');
    const recording = recordingTerminal({
      env: {
        [variable]: file,
        OPENMETADATA_URL: bench.openmetadata.url,
        OPENMETADATA_TOKEN: bench.openmetadata.botToken,
        MERIDIAN_HOME: bench.home,
        CI: '1',
      },
    });
    const exitCode = await runCli(['ingest', '-c', join(fileRecipe, '..', name)], recording.terminal);
    expect(exitCode).toBe(2);
    expect(recording.notes()).toContain(code);
    expect(bench.openmetadata.requests().filter(({ method }) => method !== 'GET')).toEqual(before);
    expect(await contentOf(bench.openmetadata)).toEqual([]);
  } finally {
    await bench.close();
  }
});

describe('what an export does when something is wrong', () => {
  let bench: Bench;
  let atlas: AtlasStandIn;
  beforeAll(async () => {
    bench = await openBench();
    atlas = await startAtlas();
  });
  afterAll(async () => {
    await atlas?.close();
    await bench?.close();
  });
  const recipe = (more: RunOptions = {}): string => recipeFile(bench, recipeFor(atlas, bench.openmetadata, more));
  const linesOf = (text: string): Record<string, unknown>[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('a part that cannot be read makes its kind partial, in the file and where it is read', async () => {
    const file = join(bench.home, 'partial.jsonl');
    atlas.faults.set([{ kind: '500', match: 'search/basic', after: 1, times: 2 }]);
    const exported = await meridian(bench, 'export', '-c', recipe({ meridian: { atlas: { retries: 0 } } }), '-o', file);
    atlas.faults.clear();
    expect(exported.exitCode).toBe(1);
    expect(exported.notes).toMatch(/partial/);
    const failed = linesOf(readFileSync(file, 'utf8')).flatMap(({ issue }) =>
      issue ? [issue as { kind: string }] : [],
    );
    const kinds = new Set(
      failed.filter((issue) => (issue as { outcome?: string }).outcome === 'failed').map(({ kind }) => kind),
    );
    expect(kinds.size).toBeGreaterThan(0);
    const { report } = await ingestFile(bench, file);
    expect(new Set(report.partial)).toEqual(kinds);
    expect(report.failures[0]?.code).toBe('source.partial-answer');
  });

  it('a server that does not answer ends it, and an earlier file stays as it was', async () => {
    const file = join(bench.home, 'kept.jsonl');
    writeFileSync(file, 'an earlier one');
    atlas.faults.set([{ kind: 'expired-token', after: 6 }]);
    const exported = await meridian(bench, 'export', '-c', recipe(), '-o', file);
    atlas.faults.clear();
    expect(exported.exitCode).toBe(3);
    expect(readFileSync(file, 'utf8')).toBe('an earlier one');
    expect(readdirSync(bench.home).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('a folder that is not there is found before anything is asked', async () => {
    const before = atlas.requests();
    const exported = await meridian(bench, 'export', '-c', recipe(), '-o', join(bench.home, 'no', 'where.jsonl'));
    expect(exported.exitCode).toBe(2);
    expect(exported.notes).toContain('cli.export-file');
    expect(atlas.requests()).toBe(before);
  });

  it('without a file the records go to standard output, and nothing else does', async () => {
    const { exitCode, data } = await meridian(bench, 'export', '-c', recipe());
    expect(exitCode).toBe(0);
    const lines = linesOf(data);
    expect(lines[0]).toMatchObject({ format: 'meridian-records', source: { type: 'Atlas', version: '2.5.0' } });
    expect(lines.at(-1)).toMatchObject({
      end: { records: { table: lines.filter(({ kind }) => kind === 'table').length } },
    });
  });

  it('asks OpenMetadata for names only where it enriches, and writes nothing there or to its memory', async () => {
    const requests = bench.openmetadata.requests();
    await meridian(bench, 'export', '-c', recipe());
    expect(bench.openmetadata.requests()).toEqual(requests);
    const created = await openBench();
    try {
      const path = recipeFile(
        created,
        recipeFor(atlas, created.openmetadata, { meridian: { mode: 'enrich' }, services: ['absent'] }),
      );
      const { exitCode } = await meridian(created, 'export', '-c', path);
      expect(exitCode).toBe(0);
      expect(created.openmetadata.requests().length).toBeGreaterThan(0);
      expect(readdirSync(created.home)).toEqual(['recipe.json']);
    } finally {
      await created.close();
    }
  });

  it('filters and mappings are those of the recipe', async () => {
    const only = {
      sourceConfig: { schemaFilterPattern: { includes: ['^shop$'] } },
      meridian: { clusters: { prod: 'a.b', dr: 'a.c' } },
    };
    const { data, notes } = await meridian(bench, 'export', '-c', recipe(only));
    const tables = linesOf(data).filter(({ kind }) => kind === 'table') as unknown as { path: string[] }[];
    expect(new Set(tables.map(({ path }) => path[2]))).toEqual(new Set(['shop']));
    expect(notes).toMatch(/filtered \d+/);
  });

  it('a secret of the recipe that stands in a record is masked there', async () => {
    const password = 'a-long-and-secret-password';
    const own = await startAtlas({ password });
    const base = recipeFor(own, bench.openmetadata) as {
      source: { serviceConnection: { config: Record<string, unknown> } };
    };
    base.source.serviceConnection.config['password'] = password;
    const module = join(bench.home, 'leaky.mjs');
    writeFileSync(
      module,
      `export default (r) => (r.kind === 'table' ? { ...r, description: 'sign in with ${password}' } : r);`,
    );
    const path = recipeFile(bench, { ...base, processor: { type: 'module', config: { path: module } } });
    const { data, exitCode, notes } = await meridian(bench, 'export', '-c', path);
    await own.close();
    expect({ exitCode, notes }).toMatchObject({ exitCode: 0, notes: expect.not.stringContaining('error') });
    expect(data).toContain('sign in with ***');
    expect(data).not.toContain(password);
  });
});
