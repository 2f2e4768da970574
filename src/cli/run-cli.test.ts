import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordingTerminal } from './recording-terminal.testing.ts';
import { runCli } from './run-cli.ts';

async function cli(...argv: string[]): Promise<{ code: number; data: string; notes: string }> {
  const { terminal, data, notes } = recordingTerminal();
  const code = await runCli(argv, terminal);
  return { code, data: data(), notes: notes() };
}

describe('the command line', () => {
  it('lists its commands on standard output when asked for help', async () => {
    const { code, data, notes } = await cli('--help');
    expect([code, notes]).toEqual([0, '']);
    for (const name of ['ingest', 'plan', 'validate', 'sandbox', 'doctor']) expect(data).toContain(`  ${name} `);
  });

  it('shows a command’s own help both ways', async () => {
    const [one, other] = [await cli('help', 'ingest'), await cli('ingest', '--help')];
    expect(one.data).toContain('--dead-letters');
    expect(other).toEqual(one);
  });

  it('says how to use it when called with nothing', async () => {
    expect(await cli()).toMatchObject({ code: 2, data: '', notes: expect.stringContaining('Usage: meridian') });
  });

  it.each([
    [['ingset'], 'ingest', 'meridian --help'],
    [['plan', '--reprot', 'x'], '--report', 'meridian plan --help'],
    [['state', 'lsit'], 'list', 'meridian state --help'],
  ])('suggests what %j may have meant, names the help that fits, and exits 2', async (argv, meant, help) => {
    const { code, data, notes } = await cli(...argv);
    expect([code, data]).toEqual([2, '']);
    expect(notes).toContain(`Did you mean ${meant}?`);
    expect(notes).toContain(`“${help}”`);
  });

  it('asks for a recipe where one is needed', async () => {
    for (const argv of [['ingest'], ['plan'], ['validate'], ['test'], ['config', 'show'], ['state', 'path']]) {
      expect(await cli(...argv)).toMatchObject({ code: 2, data: '', notes: expect.stringContaining('-c FILE') });
    }
  });

  it('names the command that a recipe is for, before anything is contacted', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'meridian-test-'));
    const write = async (type: string): Promise<string> => {
      const connection = { username: 'u', password: 'p', entity_type: 'hive_table', databaseServiceName: ['hive'] };
      const source = { type: 'Atlas', serviceName: 's', serviceConnection: { config: connection } };
      const server = { hostPort: 'http://127.0.0.1:1/api', securityConfig: { jwtToken: 'token-of-the-bot' } };
      const recipe = {
        source: { ...source, sourceConfig: { config: { type } } },
        sink: { type: 'metadata-rest' },
        workflowConfig: { openMetadataServerConfig: server },
      };
      await writeFile(join(folder, 'recipe.json'), JSON.stringify(recipe), { mode: 0o600 });
      return join(folder, 'recipe.json');
    };
    const profiles = await write('Profiler');
    for (const command of ['ingest', 'plan', 'watch', 'export']) {
      const refused = await cli(command, '-c', profiles);
      expect(refused).toMatchObject({ code: 2, data: '', notes: expect.stringContaining('meridian profile') });
    }
    const refused = await cli('profile', '-c', await write('DatabaseMetadata'));
    expect(refused).toMatchObject({ code: 2, data: '', notes: expect.stringContaining('meridian ingest') });
    await rm(folder, { recursive: true });
  });

  it('refuses an output format that it does not have', async () => {
    expect(await cli('plan', '-c', 'x', '-o', 'xml')).toMatchObject({
      code: 2,
      notes: expect.stringContaining('jsonl'),
    });
  });

  it('prints schemas by name, and names them', async () => {
    const names = (await cli('schema')).data.trim().split('\n');
    expect(names).toEqual(expect.arrayContaining(['workflow', 'report', 'plan']));
    for (const name of names) expect(JSON.parse((await cli('schema', name)).data)).toHaveProperty('$schema');
    expect(await cli('schema', 'nothing')).toMatchObject({ code: 2, notes: expect.stringContaining('workflow') });
  });

  it.each(['bash', 'zsh', 'fish'])('completes commands and options in %s', async (shell) => {
    const { code, data } = await cli('completion', shell);
    expect(code).toBe(0);
    for (const word of ['ingest', 'sandbox', 'dead-letters', 'tables', 'clear']) expect(data).toContain(word);
  });

  it('finds this machine fit', async () => {
    const { code, data } = await cli('doctor');
    expect(code).toBe(0);
    expect(data).toMatch(/ok +SQLite/);
  });
});
