import { buildFqn } from '../model/fqn.ts';
import type { NamePath, TagUse } from '../model/records.ts';
import type { Label } from './target-asset.ts';
import { type TargetNaming, termFqn } from './target-naming.ts';

export interface DesiredOptions {
  readonly naming: TargetNaming;
  /** Classification that holds our labels. */
  readonly classification: string;
  /** Classification that holds the source's labels, the free words. */
  readonly labelClassification: string;
  readonly includeTags: boolean;
  /** Labels that can be used: the target has them. An unknown one makes it refuse the whole entity. */
  readonly usable: (tagFqn: string) => boolean;
  /** Glossary terms that can be used. */
  readonly usableTerm: (termFqn: string) => boolean;
  readonly includeViewText: boolean;
}

/** Where tags live at the target. */
export type TagPlaces = Pick<DesiredOptions, 'classification' | 'labelClassification' | 'naming'>;

export function tagFqn(
  use: Pick<TagUse, 'path' | 'mappedTo'> & { readonly vocabulary?: TagUse['vocabulary'] },
  places: TagPlaces,
): string {
  const { classification, labelClassification, naming } = places;
  const names = use.path.map((part) => naming.tag(part).name);
  if (use.vocabulary === 'ownClassification') return use.mappedTo ?? buildFqn(names);
  const vocabulary = use.vocabulary === 'label' ? labelClassification : classification;
  return use.mappedTo ?? buildFqn([vocabulary, ...names]);
}

/** What carries tags and terms: an asset, or a named part of one. */
interface Labelled {
  readonly tags: readonly TagUse[];
  readonly terms?: readonly NamePath[];
}

/** The labels that the target should hold: tags in byte order, then terms. */
export function labelsOf({ tags, terms = [] }: Labelled, options: DesiredOptions): Label[] {
  const labels = new Map<string, Label>();
  for (const use of options.includeTags ? tags : []) {
    const tagFQN = tagFqn(use, options);
    if (!options.usable(tagFQN)) continue;
    // A label that is put there directly and also propagated is a direct one.
    if (labels.get(tagFQN)?.labelType === 'Automated') continue;
    labels.set(tagFQN, { tagFQN, source: 'Classification', labelType: use.propagated ? 'Propagated' : 'Automated' });
  }
  const found = terms.map((path) => termFqn(path, options.naming)).filter(options.usableTerm);
  return [
    ...[...labels.values()].sort((a, b) => (a.tagFQN < b.tagFQN ? -1 : 1)),
    ...[...new Set(found)].sort().map((tagFQN): Label => ({ tagFQN, source: 'Glossary', labelType: 'Automated' })),
  ];
}
