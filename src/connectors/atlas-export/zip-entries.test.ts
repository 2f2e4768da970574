import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeZip, type ZipPart } from './write-zip.testing.ts';
import { type ZipLimits, zipEntries, zipLimits } from './zip-entries.ts';

const folder = mkdtempSync(join(tmpdir(), 'meridian-zip-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(zip: Buffer | readonly ZipPart[], limits?: Partial<ZipLimits>) {
  const path = join(folder, 'export.zip');
  writeFileSync(path, Buffer.isBuffer(zip) ? zip : writeZip(zip as readonly ZipPart[]));
  const found = [];
  const { signal } = new AbortController();
  for await (const entry of zipEntries(path, signal, { ...zipLimits, ...limits })) found.push(entry);
  return found;
}

const part = (more: Partial<ZipPart>): ZipPart => ({ name: 'a.json', content: '{}', ...more });
const zeros = Buffer.alloc(4 * 1024 ** 2);
const noise = Buffer.from(Array.from({ length: 40_000 }, (_, i) => `${Math.sin(i)}`).join());

describe('a sound ZIP', () => {
  it('gives its entries as texts, packed or stored', async () => {
    expect(await read([part({ content: '{"ü": 1}' }), part({ name: 'b.json', content: '[]', stored: true })])).toEqual([
      { name: 'a.json', text: '{"ü": 1}' },
      { name: 'b.json', text: '[]' },
    ]);
  });

  it('may be empty', async () => {
    expect(await read([])).toEqual([]);
  });
});

describe('what is refused', () => {
  it.each([
    '../a.json',
    '..',
    'a/../../b.json',
    'folder/a.json',
    '/etc/a.json',
    'C:a.json',
    'c:\\a.json',
    '..\\a.json',
    '\\\\server\\a.json',
    '.hidden.json',
    'a\0.json',
    'ünï.json',
    '',
  ])('a name that is no plain one: %j', async (name) => {
    await expect(read([part({ name })])).rejects.toMatchObject({ code: 'atlas-export.unsafe-name', exitCode: 2 });
  });

  it.each([
    ['a link', part({ unixMode: 0o120777 }), 'atlas-export.unsafe-name'],
    ['an encrypted entry', part({ flags: 1 }), 'atlas-export.encrypted'],
    ['a kind of packing that Atlas does not use', part({ method: 14 }), 'atlas-export.damaged'],
    ['content that is not what was packed', part({ claimedCrc: 7 }), 'atlas-export.damaged'],
    ['more content than the list says', part({ content: noise, claimedBytes: 100 }), 'atlas-export.damaged'],
    ['less content than the list says', part({ claimedBytes: 100 }), 'atlas-export.damaged'],
    ['what grows a thousandfold', part({ content: zeros }), 'atlas-export.too-large'],
  ] as const)('%s', async (_, bad, code) => {
    await expect(read([bad])).rejects.toMatchObject({ code, exitCode: 2 });
  });

  it('a list that hides how much comes of little: it is stopped where the lie ends', async () => {
    // Said to be small, in fact four megabytes of nothing.
    const bomb = part({ content: zeros, claimedBytes: 1000 });
    await expect(read([bomb])).rejects.toMatchObject({ code: 'atlas-export.damaged' });
  });

  it('many entries that lie over each other, each modest', async () => {
    const one = writeZip([part({ content: zeros.subarray(0, 900_000) })]);
    // The list names one and the same body a thousand times.
    const end = one.length - 22;
    const start = one.readUInt32LE(end + 16);
    const row = one.subarray(start, end);
    const tail = Buffer.from(one.subarray(end));
    tail.writeUInt16LE(1000, 8);
    tail.writeUInt16LE(1000, 10);
    tail.writeUInt32LE(row.length * 1000, 12);
    const bomb = Buffer.concat([one.subarray(0, start), ...Array.from({ length: 1000 }, () => row), tail]);
    await expect(read(bomb)).rejects.toMatchObject({ code: 'atlas-export.too-large' });
  });

  it.each([
    ['too many entries', { entries: 1 }],
    ['too large an entry', { entryBytes: 10 }],
    ['too much of it all', { totalBytes: noise.length + 1 }],
  ])('%s', async (_, limits) => {
    const parts = [part({ content: noise }), part({ name: 'b.json', content: noise })];
    await expect(read(parts, limits)).rejects.toMatchObject({ code: 'atlas-export.too-large' });
  });

  it.each([
    ['text', Buffer.from('{"errorCode": "ATLAS-404"}'), 'atlas-export.not-a-zip'],
    ['a web page', Buffer.from('<html>Sign in</html>'), 'atlas-export.not-a-zip'],
    ['nothing', Buffer.alloc(0), 'atlas-export.not-a-zip'],
  ] as const)('%s instead of a ZIP', async (_, content, code) => {
    await expect(read(content)).rejects.toMatchObject({ code });
  });

  it('a ZIP that is cut off, wherever', async () => {
    const whole = writeZip([part({ content: noise }), part({ name: 'b.json', content: noise })]);
    for (const bytes of [5, 100, whole.length / 2, whole.length - 30, whole.length - 1]) {
      const cut = read(whole.subarray(0, bytes));
      await expect(cut).rejects.toMatchObject({ code: 'atlas-export.cut-off', exitCode: 2 });
    }
  });

  it('a ZIP in whose middle bytes are missing or other ones', async () => {
    const whole = writeZip([part({ content: noise }), part({ name: 'b.json', content: noise })]);
    const gap = Buffer.concat([whole.subarray(0, 500), whole.subarray(600)]);
    await expect(read(gap)).rejects.toMatchObject({ code: expect.stringMatching(/^atlas-export\.(damaged|cut-off)$/) });
    const flipped = Buffer.from(whole);
    for (let i = 300; i < 400; i += 1) flipped[i] = flipped[i]! ^ 0xff;
    await expect(read(flipped)).rejects.toMatchObject({ code: 'atlas-export.damaged' });
  });

  it.each([['missing.zip'], ['.']])('a path that is no file: %s', async (name) => {
    const entries = zipEntries(join(folder, name), new AbortController().signal);
    await expect(entries.next()).rejects.toMatchObject({ code: 'atlas-export.unreadable', exitCode: 2 });
  });
});
