import { appendFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Measured } from './measure.ts';

/** Every row is kept as soon as it is known: a series that is stopped has not been for nothing. */
const file = join(import.meta.dirname, 'measured.md');

function line(text: string): void {
  console.log(text);
  appendFileSync(file, `${text}\n`);
}

/** Begins a table of what was measured, with the conditions. */
export function begin(): void {
  const machine = `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GB`;
  line(`\n${new Date().toISOString()}, Node ${process.version}, ${machine}, load ${loadavg()[0]!.toFixed(1)}\n`);
  line('| what | measured |\n|---|---|');
}

export const row = (name: string, value: string): void => line(`| ${name} | ${value} |`);

/** Elapsed and processor time: the second stands also where others keep the cores busy. */
export function times({ seconds, processorSeconds }: Pick<Measured, 'seconds' | 'processorSeconds'>): string {
  return `${seconds.toFixed(1)} s (${processorSeconds.toFixed(1)} s of processor time)`;
}
