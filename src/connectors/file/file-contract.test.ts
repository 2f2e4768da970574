import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { startAtlas } from '../../../sandbox/atlas/start-atlas.ts';
import { recordingTerminal } from '../../cli/recording-terminal.testing.ts';
import { runCli } from '../../cli/run-cli.ts';
import { sourceContract } from '../../testing/source-contract.ts';

describe('a file of records as a source', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'meridian-'));
    const atlas = await startAtlas();
    const recipe = {
      source: {
        type: 'Atlas',
        serviceName: 'bakery_atlas',
        serviceConnection: {
          config: { hostPort: atlas.url, username: 'admin', password: 'admin', entity_type: 'DataSet' },
        },
        sourceConfig: { config: {} },
      },
      sink: { type: 'metadata-rest' },
      workflowConfig: {
        openMetadataServerConfig: {
          hostPort: 'http://localhost:1/api',
          securityConfig: { jwtToken: 'the-bots-token' },
        },
      },
      meridian: { mode: 'create' },
    };
    await writeFile(join(folder, 'recipe.json'), JSON.stringify(recipe));
    const { terminal, notes } = recordingTerminal({ env: { MERIDIAN_HOME: folder } });
    const files = ['-c', join(folder, 'recipe.json'), '--output', join(folder, 'records.jsonl')];
    const code = await runCli(['export', ...files], terminal);
    if (code !== 0) throw new Error(notes());
    await atlas.close();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const rules = sourceContract({
    connector: 'File',
    connection: () => ({ path: join(folder, 'records.jsonl') }),
    failing: async () => {
      const path = join(folder, 'cut-off.jsonl');
      const whole = await readFile(join(folder, 'records.jsonl'));
      await writeFile(path, whole.subarray(0, whole.length / 2));
      return { path };
    },
    secrets: [],
    // A file is not asked for anything.
    large: 'uncountable',
  });
  for (const { name, check } of rules) it(name, check);
});
