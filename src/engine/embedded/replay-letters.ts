import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { DeadLetter } from '../../workflow/dead-letters.ts';
import type { RunFiles } from './run-files.ts';

/** Copies the letters to be replayed: the run works on files of its own, and one that is killed has lost none. */
export function takeLetters(source: RunFiles, replay: RunFiles, names: readonly string[] | undefined): number {
  const wanted = names && new Set(names);
  const lines = linesOf(source.deadLettersFile).filter((line) => !wanted || wanted.has(nameOf(line)));
  write(replay.deadLettersFile, lines);
  return lines.length;
}

/** Takes those out of the source's file that were sent: what is left of the replay's own was refused again. */
export function settleLetters(source: RunFiles, replay: RunFiles, names: readonly string[] | undefined): void {
  const wanted = names && new Set(names);
  const left = new Set(linesOf(replay.deadLettersFile));
  const lines = linesOf(source.deadLettersFile);
  const rest = lines.filter((line) => (wanted && !wanted.has(nameOf(line))) || left.has(line));
  if (rest.length === lines.length) return;
  if (rest.length > 0) write(source.deadLettersFile, rest);
  else rmSync(source.deadLettersFile, { force: true });
}

function linesOf(file: string): string[] {
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}

function nameOf(line: string): string {
  return (JSON.parse(line) as DeadLetter).name;
}

function write(file: string, lines: readonly string[]): void {
  writeFileSync(`${file}.new`, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
