import { buildFqn } from '../model/fqn.ts';
import type { AssetRef, NamePath } from '../model/records.ts';

export interface TargetName {
  readonly name: string;
  /** The original, where the name had to be encoded. */
  readonly displayName?: string;
}

/** How names of the source are held by the target's version. */
export interface TargetNaming {
  service(raw: string): TargetName;
  /** Databases, schemas and tables. */
  entity(raw: string): TargetName;
  column(raw: string): TargetName;
  tag(raw: string): TargetName;
  /** Glossaries and their terms. */
  term(raw: string): TargetName;
}

/** FQN at the target of a path of source names. */
export function fqnOf(path: NamePath, naming: TargetNaming): string {
  return buildFqn(path.map((part, i) => (i === 0 ? naming.service(part) : naming.entity(part)).name));
}

/** FQN at the target of a glossary or a term. */
export function termFqn(path: NamePath, naming: TargetNaming): string {
  return buildFqn(path.map((part) => naming.term(part).name));
}

/** FQN at the target of an asset of any kind. */
export function assetFqn({ kind, path }: AssetRef, naming: TargetNaming): string {
  return kind === 'glossary' || kind === 'glossaryTerm' ? termFqn(path, naming) : fqnOf(path, naming);
}
