import { setFlagsFromString } from 'node:v8';

/** @returns the parse tree, as JSON; throws for what is no SQL that the parser knows */
export type Parse = (query: string) => unknown;

let loaded: Promise<Parse> | undefined;

/**
 * Loads PostgreSQL's own parser, which is WebAssembly. V8 would soon compile its largest function anew, for speed: that takes
 * 600 MB and two seconds, and a view is parsed in a tenth of a millisecond without. So V8 is told to leave WebAssembly at its
 * first, plain compilation from here on; it asks when a function is first called, so that what runs already is not slowed.
 */
export function loadParser(): Promise<Parse> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Parse> {
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
  const { loadModule, parseSync } = await import('libpg-query');
  await loadModule();
  return parseSync;
}
