import { Loader } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { catalogueTexts as texts } from '../../texts/catalogue-texts.ts';
import { type AssetName, treeQuery } from '../catalogue-queries.ts';
import classes from './tree.module.css';
import { TreeAction } from './tree-action.tsx';
import { treeKey, useTree } from './tree-context.ts';
import { TreeLine } from './tree-line.tsx';

interface TreeBranchProps {
  readonly parent: AssetName | undefined;
  /** 1 for the roots. */
  readonly level: number;
}

/** The lines below an open one, page by page. */
export function TreeBranch({ parent, level }: TreeBranchProps) {
  const { pipelineId } = useTree();
  const branch = useInfiniteQuery(treeQuery(pipelineId, parent));
  const key = parent ? treeKey(parent) : '';
  if (branch.isPending) {
    return (
      <div role="none" className={classes.note} style={{ '--level': level }}>
        <Loader size={14} />
      </div>
    );
  }
  if (branch.isError && !branch.data) {
    return <TreeAction id={`${key} again`} level={level} label={texts.retry} onClick={() => void branch.refetch()} />;
  }
  const nodes = branch.data.pages.flatMap((page) => page.nodes);
  const total = branch.data.pages[0]?.total;
  return (
    <>
      {nodes.map((node, index) => (
        <TreeLine key={treeKey(node)} node={node} level={level} isFirst={parent === undefined && index === 0} />
      ))}
      {nodes.length === 0 && !branch.hasNextPage && (
        <div role="none" className={classes.note} style={{ '--level': level }}>
          {texts.nothingBelow}
        </div>
      )}
      {branch.hasNextPage && (
        <TreeAction
          id={`${key} more`}
          level={level}
          label={texts.more(nodes.length, total)}
          isBusy={branch.isFetchingNextPage}
          onClick={() => void branch.fetchNextPage()}
        />
      )}
    </>
  );
}
