import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConnectionError, ResponseError } from '../errors.ts';
import { replayFile } from './replay-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'meridian-replay-'));
afterAll(() => rmSync(folder, { recursive: true }));

const letter = (name: string, request: unknown = { method: 'PUT', path: `/v1/tables/${name}` }) =>
  JSON.stringify({ at: '', runId: 'r', entityType: 'table', name, request, code: 'a.b', reason: 'no' });

let files = 0;
function file(...lines: string[]): string {
  files += 1;
  const path = join(folder, `${files}.jsonl`);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

async function replay(path: string, answer: (path: string) => void = () => undefined) {
  const sent: string[] = [];
  const refused: string[] = [];
  const send = async (request: { path: string }): Promise<void> => {
    answer(request.path);
    sent.push(request.path);
  };
  const outcome = await replayFile(path, { send }, ({ name }, reason) => refused.push(`${name}: ${reason}`));
  return { outcome, sent, refused };
}

describe('replaying a dead-letter file', () => {
  it('sends all in their order and takes the file away', async () => {
    const path = file(letter('a'), '', letter('b'));
    expect(await replay(path)).toEqual({
      outcome: { sent: 2, left: 0 },
      sent: ['/v1/tables/a', '/v1/tables/b'],
      refused: [],
    });
    expect(existsSync(path)).toBe(false);
  });

  it('leaves what is refused again, and what has no request', async () => {
    const path = file(letter('a'), letter('b'), letter('c', undefined).replace(/"request":\{[^}]*\},/, ''));
    const { outcome, refused } = await replay(path, (request) => {
      if (request.endsWith('a')) throw new ResponseError('x.y', 'still no', { status: 400, body: '' });
    });
    expect(outcome).toEqual({ sent: 1, left: 2 });
    expect(refused).toEqual(['a: still no', expect.stringMatching(/^c: holds no request/)]);
    const names = readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).name);
    expect(names).toEqual(['a', 'c']);
  });

  it('keeps everything that was not tried when the server is lost', async () => {
    const path = file(letter('a'), letter('b'), letter('c'));
    const lost = replay(path, (request) => {
      if (request.endsWith('b')) throw new ConnectionError('http.unreachable', 'gone');
    });
    await expect(lost).rejects.toMatchObject({ code: 'http.unreachable' });
    expect(readFileSync(path, 'utf8')).toBe(`${letter('b')}\n${letter('c')}\n`);
  });

  it('leaves a file alone that holds something else', async () => {
    const path = file('{"some": "json"}');
    await expect(replay(path)).rejects.toMatchObject({ code: 'replay.file', message: `${path}:1 is no dead letter.` });
    expect(readFileSync(path, 'utf8')).toBe('{"some": "json"}\n');
    await expect(replay(join(folder, 'none'))).rejects.toMatchObject({ code: 'replay.file' });
  });
});
