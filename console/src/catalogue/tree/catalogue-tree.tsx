import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useLocation, useNavigate, useSearchParams } from 'react-router';
import type { CatalogueKind } from '../../../../src/server/console-api/catalogue/catalogue-types.ts';
import { catalogueTexts as texts } from '../../texts/catalogue-texts.ts';
import { assetPath } from '../catalogue-paths.ts';
import { type AssetName, assetQuery } from '../catalogue-queries.ts';
import { moveInTree } from './move-in-tree.ts';
import classes from './tree.module.css';
import { TreeBranch } from './tree-branch.tsx';
import { TreeContext, type TreeControl, treeKey } from './tree-context.ts';

/** Services, what they hold, and so on: read as it is opened. Used with a mouse or by the keys of the ARIA tree pattern. */
export function CatalogueTree({ pipelineId }: { readonly pipelineId: string }) {
  const tree = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();
  const selected = useSelected();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [focused, setFocused] = useState<string>();
  useOpenAbove(pipelineId, selected, setOpen);

  const control = useMemo(
    (): TreeControl => ({
      pipelineId,
      open,
      focused,
      selected: selected && treeKey(selected),
      toggle: (node, shall) => setOpen((now) => toggled(now, treeKey(node), shall)),
      focus: setFocused,
      show: (node) => void navigate(assetPath(pipelineId, node)),
    }),
    [pipelineId, open, focused, selected, navigate],
  );

  return (
    <div
      ref={tree}
      role="tree"
      aria-label={texts.tree}
      className={classes.tree}
      onKeyDown={(event) => moveInTree(event, tree.current!)}
    >
      <TreeContext value={control}>
        <TreeBranch parent={undefined} level={1} />
      </TreeContext>
    </div>
  );
}

function toggled(now: ReadonlySet<string>, key: string, shall = !now.has(key)): ReadonlySet<string> {
  const next = new Set(now);
  if (shall) next.add(key);
  else next.delete(key);
  return next;
}

/** The asset that the page beside shows. */
function useSelected(): AssetName | undefined {
  const [query] = useSearchParams();
  const { pathname } = useLocation();
  const [kind, fqn] = [query.get('kind'), query.get('fqn')];
  const isShown = pathname.endsWith('/asset') && kind !== null && fqn !== null;
  return useMemo(() => (isShown ? { kind: kind as CatalogueKind, fqn } : undefined), [isShown, kind, fqn]);
}

/** Who comes by a link or a search finds the tree open where the asset is. */
function useOpenAbove(
  pipelineId: string,
  selected: AssetName | undefined,
  setOpen: (change: (now: ReadonlySet<string>) => ReadonlySet<string>) => void,
): void {
  const asset = useQuery({ ...assetQuery(pipelineId, selected ?? nothing), enabled: selected !== undefined });
  const path = selected && asset.data?.fqn === selected.fqn ? asset.data.path : undefined;
  useEffect(() => {
    if (path) setOpen((now) => new Set([...now, ...path.map(treeKey)]));
  }, [path, setOpen]);
}

const nothing: AssetName = { kind: 'table', fqn: '' };
