import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const demo = fileURLToPath(new URL('./demo.ts', import.meta.url));

function start(...args: string[]) {
  const child = spawn(process.execPath, [demo, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  const lines: string[] = [];
  const output = createInterface(child.stdout).on('line', (line) => lines.push(line));
  return { child, lines, output, ended: once(child, 'exit') };
}

it('npm start -- --once ingests the sample warehouse and ends with the ingest’s exit code', async () => {
  const { lines, ended } = start('--once');
  expect(await ended).toEqual([0, null]);
  expect(lines.find((line) => line.startsWith('tables'))).toMatch(/^tables +68 +0 +68 /);
});

it('npm start ingests by the service, says where the console is and who may sign in, and ends with Ctrl-C', async () => {
  const { child, lines, output, ended } = start('--port', '0');
  while (!lines.some((line) => line.startsWith('Ctrl-C'))) await once(output, 'line');
  expect(lines.find((line) => line.startsWith('tables'))).toMatch(/^tables +68 +0 +68 /);
  const told = lines.map((line) => line.match(/^The console +(\S+) .*: (\S+) \/ (\S+)\)/)).find(Boolean)!;
  const [, url, name, password] = told;
  expect(await (await fetch(url!, { headers: { accept: 'text/html' } })).text()).toContain('<div id="root">');
  const authorization = `Basic ${btoa(`${name}:${password}`)}`;
  const pipelines = await fetch(new URL('/api/console/pipelines', url), { headers: { authorization } });
  expect(await pipelines.json()).toMatchObject([
    { id: 'bakery', lastRuns: [{ state: 'success' }] },
    { id: 'bakery_profiles', pipelineType: 'profiler', lastRuns: [{ state: 'success' }] },
  ]);
  const span = new URLSearchParams({ fqn: 'bakery_hive.dr.shop.orders', from: '0', to: String(Date.now() + 60_000) });
  const profile = await fetch(new URL(`/api/console/catalogue/bakery/profile?${span}`, url), {
    headers: { authorization },
  });
  expect(await profile.json()).toMatchObject({ latest: { rowCount: 48_190_021 }, history: [{}] });
  const page = lines.map((line) => line.match(/^What was created +(\S+)/)?.[1]).find(Boolean)!;
  expect(await (await fetch(page)).text()).toContain('stand-in');
  child.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
});
