import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeKey, readKey } from './engine-key.ts';
import { SecretBox } from './secret-box.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-key-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the key of an engine', () => {
  it('is made once, for its owner only', () => {
    const file = join(folder, 'key');
    expect(readKey(file, {})).toBeUndefined();
    const key = makeKey(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readKey(file, {})).toEqual(key);
    expect(() => makeKey(file)).toThrow(/EEXIST/);
  });

  it.each([0o640, 0o604, 0o660])('is refused when others may use its file (%o)', (mode) => {
    const file = join(folder, 'key');
    makeKey(file);
    chmodSync(file, mode);
    expect(() => readKey(file, {})).toThrow(expect.objectContaining({ code: 'engine.key-file' }));
  });

  it('is the one of the environment, if there is one', () => {
    const file = join(folder, 'key');
    makeKey(file);
    const key = Buffer.alloc(32, 7);
    expect(readKey(file, { MERIDIAN_KEY: key.toString('base64') })).toEqual(key);
    expect(readKey(file, { MERIDIAN_KEY: ` ${key.toString('hex')}\n` })).toEqual(key);
  });

  it.each(['short', 'a sentence of exactly thirty-two!', Buffer.alloc(31).toString('base64')])(
    'has 32 bytes, which “%s” has not',
    (text) => {
      const file = join(folder, 'key');
      expect(() => readKey(file, { MERIDIAN_KEY: text })).toThrow(expect.objectContaining({ code: 'engine.bad-key' }));
      writeFileSync(file, text, { mode: 0o600 });
      const refusal = (): unknown => readKey(file, {});
      expect(refusal).toThrow(expect.objectContaining({ code: 'engine.bad-key' }));
      expect(refusal).not.toThrow(readFileSync(file, 'utf8'));
    },
  );
});

describe('what is sealed', () => {
  const box = new SecretBox(Buffer.alloc(32, 1));

  it('opens with its key, for what it belongs to', () => {
    const sealed = box.seal('{"password":"ßecret"}', 'recipe of a');
    expect(sealed.toString('latin1')).not.toContain('ecret');
    expect(box.open(sealed, 'recipe of a')).toBe('{"password":"ßecret"}');
    expect(() => box.open(sealed, 'recipe of b')).toThrow();
    expect(() => new SecretBox(Buffer.alloc(32, 2)).open(sealed, 'recipe of a')).toThrow();
  });

  it('does not open when a bit of it has changed, and looks different each time', () => {
    const sealed = box.seal('text', 'x');
    for (let i = 0; i < sealed.length; i += 1) {
      const changed = Buffer.from(sealed);
      changed[i]! ^= 1;
      expect(() => box.open(changed, 'x')).toThrow();
    }
    expect(box.seal('text', 'x')).not.toEqual(sealed);
  });
});
