import { resolve } from 'node:path';
import { mapTexts } from '../../config/references.ts';

/** What a recipe's references need on each worker. */
export interface WorkerNeeds {
  /** Names of environment variables. */
  readonly variables: readonly string[];
  /** Absolute paths. */
  readonly files: readonly string[];
  /** Programs of `${exec:…}`. */
  readonly commands: readonly string[];
}

export function workerNeeds(recipe: unknown, folder: string): WorkerNeeds {
  const found = { env: new Set<string>(), file: new Set<string>(), exec: new Set<string>() };
  mapTexts(recipe, (text) => {
    for (const [, kind, name] of text.matchAll(/\$\{(env|file|exec):([^}]*)\}/g)) {
      const word = name!.trim();
      if (kind === 'file') found.file.add(resolve(folder, word));
      else found[kind as 'env' | 'exec'].add(kind === 'exec' ? word.split(/\s/, 1)[0]! : word);
    }
    return text;
  });
  return { variables: [...found.env], files: [...found.file], commands: [...found.exec] };
}
