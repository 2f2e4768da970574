import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { TemporaryDatabase } from './temporary-database.ts';

// Only Linux tells what a process has written.
test.runIf(process.platform === 'linux')(
  'is written to disk, and leaves nothing there when its process is killed',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'meridian-test-'));
    try {
      const script = `
      import { readFileSync } from 'node:fs';
      import { TemporaryDatabase } from ${JSON.stringify(join(import.meta.dirname, 'temporary-database.ts'))};
      const database = new TemporaryDatabase('CREATE TABLE texts (text TEXT)');
      for (let i = 0; i < 20; i += 1) database.run('INSERT INTO texts VALUES (?)').run('x'.repeat(1_000_000));
      process.stdout.write(/wchar: (\\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))[1], () => process.kill(process.pid, 'SIGKILL'));
    `;
      const env = { ...process.env, TMPDIR: folder };
      const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
      const killed = await run.catch((error: unknown) => error);
      expect(killed).toMatchObject({ signal: 'SIGKILL' });
      expect(Number((killed as { stdout: string }).stdout)).toBeGreaterThan(10_000_000);
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

test('may be walked while the same text runs again', () => {
  const database = new TemporaryDatabase('CREATE TABLE numbers (n INTEGER PRIMARY KEY); BEGIN');
  const insert = 'INSERT INTO numbers VALUES (?)';
  for (let n = 0; n < 3; n += 1) database.run(insert).run(n);
  const all = 'SELECT n FROM numbers ORDER BY n';
  const seen = [...database.walk(all).iterate()].map((row) => [row['n'], database.run(all).all().length]);
  expect(seen).toEqual([
    [0, 3],
    [1, 3],
    [2, 3],
  ]);
  expect(database.run(insert)).toBe(database.run(insert));
  database.close();
  database.close();
});
