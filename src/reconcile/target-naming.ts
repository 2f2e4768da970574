import { buildFqn } from '../model/fqn.ts';
import type { AssetKind, AssetRef, NamePath } from '../model/records.ts';

export interface TargetName {
  readonly name: string;
  /** The original, where the name had to be encoded. */
  readonly displayName?: string;
}

/** How names of the source are held by the target's version. */
export interface TargetNaming {
  service(raw: string): TargetName;
  /** Databases, schemas, tables, containers, pipelines and their tasks. */
  entity(raw: string): TargetName;
  column(raw: string): TargetName;
  tag(raw: string): TargetName;
  /** Glossaries and their terms, topics, models and their features: up to 1.2 few characters are allowed there. */
  term(raw: string): TargetName;
  /** Fields of a message's schema. */
  field(raw: string): TargetName;
}

const likeTerms: ReadonlySet<AssetKind> = new Set(['glossary', 'glossaryTerm', 'topic', 'mlmodel']);

/** How an asset of a kind is called at the target. */
export function assetName(kind: AssetKind, raw: string, naming: TargetNaming): TargetName {
  return likeTerms.has(kind) ? naming.term(raw) : naming.entity(raw);
}

/** How a part (column, field, task, feature) of an asset of a kind is called at the target. */
export function partName(kind: AssetKind, raw: string, naming: TargetNaming): TargetName {
  if (kind === 'topic') return naming.field(raw);
  if (kind === 'mlmodel') return naming.term(raw);
  return kind === 'pipeline' ? naming.entity(raw) : naming.column(raw);
}

/** FQN at the target of a glossary or a term. */
export function termFqn(path: NamePath, naming: TargetNaming): string {
  return buildFqn(path.map((part) => naming.term(part).name));
}

/** FQN at the target of an asset of any kind. */
export function assetFqn({ kind, path }: AssetRef, naming: TargetNaming): string {
  if (kind === 'glossary' || kind === 'glossaryTerm') return termFqn(path, naming);
  return buildFqn(path.map((part, i) => (i === 0 ? naming.service(part) : assetName(kind, part, naming)).name));
}
