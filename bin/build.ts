/**
 * `npm run build`: what the package holds, as JavaScript with type declarations in dist/. The stand-ins are part of it
 * (`meridian sandbox`), and so is the console, as static files; tests are not.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { viteProgram } from '../src/server/console-folder.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
// Leftovers of files that are gone would end in the package.
rmSync(join(root, 'dist'), { recursive: true, force: true });
process.exitCode =
  run(join(typescript, 'bin', 'tsc'), '-p', 'tsconfig.build.json') || run(viteProgram(), 'build', 'console');

/** @returns the exit code */
function run(program: string, ...args: readonly string[]): number {
  const { status, error } = spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  return status ?? 1;
}
