import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logSegments, RunLog, segmentFile } from './run-log.ts';
import { RunLogWriter } from './run-log-writer.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function pieces(log: RunLog, maxCharacters: number): string[] {
  const found: string[] = [];
  for (let after: string | undefined, more = true; more; ) {
    const piece = log.read(after, maxCharacters);
    found.push(piece.text);
    after = piece.after;
    more = after !== undefined;
  }
  return found;
}

describe('the log of a run', () => {
  it('has whole lines with their time, as soon as they are written', () => {
    const writer = new RunLogWriter(folder, 1_000_000);
    writer.write('Reading ');
    expect(new RunLog(folder).read(undefined, 1000)).toEqual({ text: '', total: 0 });
    writer.write('tables\nand more\n');
    const lines = new RunLog(folder).read(undefined, 1000).text.split('\n');
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z Reading tables$/);
    expect(lines[1]).toMatch(/Z and more$/);
    writer.write('cut');
    writer.end();
    expect(new RunLog(folder).read(undefined, 1000).text).toMatch(/Z cut\n$/);
  });

  it.each([1, 2, 3, 7, 1000])('comes in pieces of %i characters, none of which is cut within', (maxCharacters) => {
    const whole = 'Größe ✓ 漢字 👍🏽 end\n'.repeat(5);
    appendFileSync(segmentFile(folder, 0), whole);
    const log = new RunLog(folder);
    const found = pieces(log, maxCharacters);
    expect(found.join('')).toBe(whole);
    expect(found.join('')).not.toContain('\ufffd');
    // Half of a pair of characters is none: one more is given where only one was asked for.
    for (const piece of found) expect(piece.length).toBeLessThanOrEqual(Math.max(2, maxCharacters));
    expect(log.read(undefined, maxCharacters).total).toBe(whole.length);
  });

  it('can be read on from where it ended, while it grows', () => {
    const log = new RunLog(folder);
    appendFileSync(segmentFile(folder, 0), 'one\n');
    const first = log.lines(0);
    expect(first.text).toBe('one\n');
    appendFileSync(segmentFile(folder, 0), 'two\nthr');
    const second = log.lines(first.end);
    expect(second.text).toBe('two\n');
    appendFileSync(segmentFile(folder, 0), 'ee\n');
    expect(log.lines(second.end).text).toBe('three\n');
  });

  it('keeps its beginning and its end when it grows too long, and positions stay', async () => {
    const writer = new RunLogWriter(folder, 40_000);
    const line = (i: number): string => `line ${String(i).padStart(5, '0')} ${'x'.repeat(60)}`;
    const log = new RunLog(folder);
    let position = 0;
    const followed: string[] = [];
    for (let i = 0; i < 2000; i += 1) {
      writer.write(`${line(i)}\n`);
      for (let piece = log.lines(position); piece.end > position; piece = log.lines(position)) {
        position = piece.end;
        followed.push(piece.text);
      }
    }
    expect(followed.join('').match(/line \d+/g)).toHaveLength(2000);
    const kept = log.read(undefined, 1_000_000);
    expect(kept.text).toContain('line 00000');
    expect(kept.text).toContain('line 01999');
    expect(kept.text).not.toContain('line 01000');
    expect(kept.text.length).toBe(kept.total);
    expect(logSegments(folder).reduce((sum, { size }) => sum + size, 0)).toBeLessThan(50_000);
    expect(pieces(log, 777).join('')).toBe(kept.text);
    expect(await text(log.stream())).toBe(kept.text);
    // Somebody who had read up to line 1000 goes on with the first one that is still there.
    const later = log.read(String(Math.floor(position / 2)), 1_000_000).text;
    expect(kept.text.endsWith(later)).toBe(true);
  });

  it('refuses a position that is none', () => {
    expect(() => new RunLog(folder).read('../etc', 10)).toThrow(
      expect.objectContaining({ code: 'engine.bad-position' }),
    );
  });
});
