import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';

function run(...flags: string[]): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

describe('sandbox command', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('prints where both servers are, and ends cleanly on %s', async (signal) => {
    const child = run('--tables', '30', '--columns', '4', '--openmetadata-version', '1.5.0');
    const lines: string[] = [];
    const reader = createInterface({ input: child.stdout! });
    reader.on('line', (line) => lines.push(line));
    await once(reader, 'line');
    const ready = JSON.parse(lines[0]!) as { atlas: string; openmetadata: string; token: string };

    const search = await fetch(`${ready.atlas}/api/atlas/v2/search/basic?typeName=hive_table&limit=50`, {
      headers: { Authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}` },
    });
    expect(((await search.json()) as { entities: unknown[] }).entities).toHaveLength(30);
    const version = await fetch(`${ready.openmetadata}/v1/system/version`, {
      headers: { Authorization: `Bearer ${ready.token}` },
    });
    expect(((await version.json()) as { version: string }).version).toMatch(/^1\.5/);

    child.kill(signal);
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
    expect(lines).toHaveLength(1);
  });

  it('takes faults as JSON, and they act; starts Trino where it is asked for', async () => {
    const child = run('--atlas-faults', '[{"kind":"503"}]', '--trino');
    const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
    const { atlas, trino } = JSON.parse(line) as { atlas: string; trino: string };
    expect((await fetch(`${atlas}/api/atlas/admin/version`)).status).toBe(503);
    expect(await (await fetch(`${trino}/v1/info`)).json()).toMatchObject({ coordinator: true });
    child.kill('SIGTERM');
    await once(child, 'exit');
  });

  it.each([
    ['an unknown flag', ['--no-such-flag']],
    ['a number that is none', ['--tables', 'many']],
    ['an unknown version', ['--openmetadata-version', '0.9.0']],
    ['an unknown fault', ['--atlas-faults', '[{"kind":"flood"}]']],
  ])('exits 2 on %s', async (_, flags) => {
    const child = run(...flags);
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(2);
  });
});
