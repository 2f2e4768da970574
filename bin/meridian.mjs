#!/usr/bin/env node
// Written so that every Node from 12 on can parse it: an old one is told what it needs instead of a syntax error.
// biome-ignore lint/style/useNodejsImportProtocol: Node 12 does not know it
import { existsSync } from 'fs';
// biome-ignore lint/style/useNodejsImportProtocol: Node 12 does not know it
import { fileURLToPath } from 'url';

function tooOld() {
  process.stderr.write(
    'error: Meridian needs Node 24 or newer; this is Node ' +
      process.versions.node +
      '.\n  Get it from https://nodejs.org, with a version manager ("nvm install 24"), or as the npm package "node":\n' +
      '  npx -p node@24 -p meridian-metadata meridian --help\n',
  );
  process.exitCode = 2;
}

/** Keeps compiled code between runs, in the user's own folder: a shared one could be filled by others. */
function cacheCompiledCode(module) {
  if (process.env.NODE_COMPILE_CACHE || process.env.NODE_DISABLE_COMPILE_CACHE) return;
  const home =
    process.env.XDG_CACHE_HOME || (process.env.HOME && `${process.env.HOME}/.cache`) || process.env.LOCALAPPDATA;
  if (home) module.enableCompileCache(`${home}/meridian/compile`);
}

function start() {
  const source = new URL('../src/cli/main.ts', import.meta.url);
  const main = existsSync(fileURLToPath(source)) ? source : new URL('../dist/src/cli/main.js', import.meta.url);
  // biome-ignore lint/style/useNodejsImportProtocol: as above
  return import('module').then((module) => {
    cacheCompiledCode(module);
    return import(main.href);
  });
}

if (Number(process.versions.node.split('.')[0]) < 24) {
  tooOld();
} else {
  start().catch((error) => {
    process.stderr.write(`error: Meridian cannot start: ${error?.stack || error}\n`);
    process.exitCode = 1;
  });
}
