import { buildFqn, splitFqn } from '../model/fqn.ts';
import type { Body } from './bodies.ts';
import type { Capabilities } from './capabilities.ts';
import type { JsonPatchOperation, TagLabel, TargetColumn } from './entities.ts';

/** A label that a program thinks a column should have. */
export interface LabelProposal {
  /** As the target calls it. */
  readonly column: string;
  readonly tagFqn: string;
  /** For people; holds no value of the column. */
  readonly reason: string;
}

function label({ tagFqn, reason }: LabelProposal, capabilities: Capabilities): TagLabel {
  return {
    tagFQN: tagFqn,
    source: 'Classification',
    labelType: capabilities.foundLabelType,
    state: 'Suggested',
    ...(capabilities.labelReasons && { reason }),
  };
}

/** `POST /suggestions`: who owns the table accepts or rejects it on OpenMetadata's pages. */
export function suggestionBody(tableFqn: string, proposal: LabelProposal, capabilities: Capabilities): Body {
  return {
    type: 'SuggestTagLabel',
    entityLink: `<#E::table::${tableFqn}::columns::${buildFqn([proposal.column])}>`,
    tagLabels: [label(proposal, capabilities)],
  };
}

/**
 * Adds a label to a column of a server without suggestions, where nobody has said anything of its vocabulary. Undefined where
 * there is nothing to add it to. Holds only while the columns are as they were read.
 */
export function labelPatch(
  columns: readonly TargetColumn[],
  proposal: LabelProposal,
  capabilities: Capabilities,
): readonly JsonPatchOperation[] | undefined {
  const index = columns.findIndex(({ name }) => name === proposal.column);
  const tags = columns[index]?.tags;
  const vocabulary = splitFqn(proposal.tagFqn)[0];
  if (index < 0 || tags?.some(({ tagFQN }) => tagFQN.startsWith(`${vocabulary}.`))) return undefined;
  const added = label(proposal, capabilities);
  return [
    { op: 'test', path: `/columns/${index}/name`, value: proposal.column },
    tags
      ? { op: 'add', path: `/columns/${index}/tags/-`, value: added }
      : { op: 'add', path: `/columns/${index}/tags`, value: [added] },
  ];
}
