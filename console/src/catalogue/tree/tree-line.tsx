import { IconChevronRight } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { CatalogueNode } from '../../../../src/server/console-api/catalogue/catalogue-types.ts';
import { KindIcon } from '../kind-icon.tsx';
import classes from './tree.module.css';
import { TreeBranch } from './tree-branch.tsx';
import { treeKey, useTree } from './tree-context.ts';

interface TreeLineProps {
  readonly node: CatalogueNode;
  readonly level: number;
  readonly isFirst: boolean;
}

export function TreeLine({ node, level, isFirst }: TreeLineProps) {
  const { open, focused, selected, toggle, focus, show } = useTree();
  const line = useRef<HTMLDivElement>(null);
  const key = treeKey(node);
  const isOpen = node.opens && open.has(key);
  const isSelected = selected === key;
  const isTabStop = (focused ?? selected) === key || (focused === undefined && selected === undefined && isFirst);
  useEffect(() => {
    if (isSelected) line.current?.scrollIntoView({ block: 'nearest' });
  }, [isSelected]);
  return (
    <>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the tree itself takes the keys, for all of its lines */}
      <div
        ref={line}
        role="treeitem"
        aria-level={level}
        aria-selected={isSelected}
        aria-expanded={node.opens ? isOpen : undefined}
        tabIndex={isTabStop ? 0 : -1}
        data-opens={node.opens}
        className={classes.line}
        style={{ '--level': level }}
        title={node.fqn}
        onFocus={() => focus(key)}
        onClick={() => {
          if (node.opens && (isSelected || !isOpen)) toggle(node);
          show(node);
        }}
      >
        {/* biome-ignore lint/a11y/noStaticElementInteractions: for the mouse; keys open the line itself */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above */}
        <span
          className={classes.arrow}
          data-arrow
          onClick={(event) => {
            event.stopPropagation();
            toggle(node);
          }}
        >
          {node.opens && <IconChevronRight size={14} aria-hidden />}
        </span>
        <KindIcon kind={node.kind} type={node.type} size={16} />
        <span className={classes.name}>{node.name}</span>
      </div>
      {isOpen && <TreeBranch parent={node} level={level + 1} />}
    </>
  );
}
