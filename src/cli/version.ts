import { existsSync, readFileSync } from 'node:fs';

/** The package's version; read from package.json, which is two folders up in a checkout and three in a build. */
export function version(): string {
  const files = ['../../package.json', '../../../package.json'].map((path) => new URL(path, import.meta.url));
  const file = files.find((candidate) => existsSync(candidate))!;
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
