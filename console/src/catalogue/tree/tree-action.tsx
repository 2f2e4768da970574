import { Loader } from '@mantine/core';
import classes from './tree.module.css';
import { useTree } from './tree-context.ts';

interface TreeActionProps {
  readonly id: string;
  readonly level: number;
  readonly label: string;
  readonly isBusy?: boolean;
  readonly onClick: () => void;
}

/** A line that does something with its branch: shows more of it, or reads it again. */
export function TreeAction({ id, level, label, isBusy = false, onClick }: TreeActionProps) {
  const { focused, focus } = useTree();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree itself takes the keys, for all of its lines
    <div
      role="treeitem"
      aria-level={level}
      aria-selected={false}
      tabIndex={focused === id ? 0 : -1}
      className={`${classes.line} ${classes.action}`}
      style={{ '--level': level }}
      onFocus={() => focus(id)}
      onClick={isBusy ? undefined : onClick}
    >
      <span className={classes.arrow}>{isBusy && <Loader size={12} />}</span>
      <span className={classes.name}>{label}</span>
    </div>
  );
}
