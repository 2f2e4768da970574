import type { NamePath, TagUse } from '../../model/records.ts';
import type { TagLabel } from '../../openmetadata/entities.ts';
import type { ColumnNode, Label, TargetAsset } from '../../reconcile/target-asset.ts';
import { namesOf } from './name-paths.ts';

/** What carries labels in the model. */
export interface Labels {
  readonly tags: readonly TagUse[];
  readonly terms?: readonly NamePath[];
}

const isSuggestion = (label: Label): boolean => (label as Partial<TagLabel>).state === 'Suggested';

/** How many labels of an asset and its parts are suggestions. */
export function suggestions({ tags, columns = [] }: TargetAsset): number {
  const within = ({ tags: own = [], children = [] }: ColumnNode & { readonly tags?: readonly Label[] }): number =>
    own.filter(isSuggestion).length + children.reduce((sum, child) => sum + within(child), 0);
  return tags.filter(isSuggestion).length + columns.reduce((sum, column) => sum + within(column), 0);
}

/**
 * Labels as the model has them. Left out are suggestions, which nobody has accepted, and tags that only follow from a term:
 * the target derives them from the term as this server did.
 */
export function labelRecords(labels: readonly Label[]): Labels {
  const tags: TagUse[] = [];
  const terms: NamePath[] = [];
  for (const label of labels) {
    const { tagFQN, source, labelType } = label;
    if (labelType === 'Derived' || isSuggestion(label)) continue;
    if (source === 'Glossary') terms.push(namesOf(tagFQN));
    else {
      tags.push({ vocabulary: 'ownClassification', path: namesOf(tagFQN), propagated: labelType === 'Propagated' });
    }
  }
  return { tags, ...(terms.length > 0 && { terms }) };
}
