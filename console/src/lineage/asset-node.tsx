import { Loader, VisuallyHidden } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { type NodeProps, type ReactFlowState, useStore } from '@xyflow/react';
import { memo } from 'react';
import type { CatalogueKind } from '../../../src/server/console-api/catalogue/catalogue-types.ts';
import { KindIcon } from '../catalogue/kind-icon.tsx';
import { kindWords } from '../texts/catalogue-texts.ts';
import { lineageTexts as texts } from '../texts/lineage-texts.ts';
import { columnKey } from './column-trace.ts';
import { type AssetFlowNode, type FanFlowNode, fanHeight, headHeight, rowHeight } from './flow-elements.ts';
import classes from './lineage.module.css';
import { useLineageActions } from './lineage-context.ts';
import { type ShownNode, type Side, sideKey } from './lineage-graph.ts';

/** Below this scale the words of a box cannot be read. */
const readableScale = 0.3;

function isFarAway({ transform }: ReactFlowState): boolean {
  return transform[2] < readableScale;
}

/** An asset as a box: name, where it is, its columns, and a button on each side that has more. */
export const AssetNode = memo(function AssetNode({ data }: NodeProps<AssetFlowNode>) {
  const { root, chosen, traced, choose, trace, openColumns } = useLineageActions();
  const isFar = useStore(isFarAway);
  const { node, columns, more } = data;
  const ends = (
    <>
      <Ends name="" y={headHeight / 2} />
      {columns.map((column, row) => (
        <Ends key={column} name={column} y={headHeight + (row + 0.5) * rowHeight} />
      ))}
    </>
  );
  // A thousand boxes whose words nobody can read need no words.
  if (isFar) {
    return (
      <div className={classes.box} data-far data-root={node.id === root}>
        {ends}
      </div>
    );
  }
  const word = kindWords[node.kind as CatalogueKind]?.one ?? node.kind;
  return (
    <div className={classes.box} data-root={node.id === root} data-chosen={node.id === chosen}>
      <button
        type="button"
        className={classes.head}
        aria-pressed={node.id === chosen}
        title={node.fqn}
        onClick={() => choose(node.id)}
      >
        <VisuallyHidden>{word}</VisuallyHidden>
        <KindIcon kind={node.kind} size={18} />
        <span className={classes.names}>
          <span className={classes.name}>{node.name}</span>
          <span className={classes.place}>{placeOf(node.fqn)}</span>
        </span>
      </button>
      {ends}
      {columns.length > 0 && (
        <div className={classes.rows}>
          {columns.map((column) => (
            <button
              key={column}
              type="button"
              className={classes.row}
              data-lit={traced?.has(columnKey(node.id, column)) ?? false}
              title={texts.traceColumn(column, node.name)}
              aria-pressed={traced?.has(columnKey(node.id, column)) ?? false}
              onClick={() => trace(columnKey(node.id, column))}
            >
              {column}
            </button>
          ))}
          {more > 0 && (
            <button type="button" className={classes.moreRows} onClick={() => openColumns(node.id)}>
              {texts.moreColumns(more)}
            </button>
          )}
        </div>
      )}
      <SideButton node={node} side="up" how={node.upstream} />
      <SideButton node={node} side="down" how={node.downstream} />
    </div>
  );
});

/**
 * Where arrows begin and end. The picture's library measures these places when a box comes into sight; its own component for
 * them, made for drawing arrows by hand, would take most of the time of a large picture.
 */
function Ends({ name, y }: { readonly name: string; readonly y: number }) {
  return (
    <>
      <span className={`target ${classes.end}`} data-handleid={`in ${name}`} data-handlepos="left" style={{ top: y }} />
      <span
        className={`source ${classes.end}`}
        data-handleid={`out ${name}`}
        data-handlepos="right"
        style={{ top: y }}
      />
    </>
  );
}

interface SideButtonProps {
  readonly node: ShownNode;
  readonly side: Side;
  readonly how: 'expand' | 'collapse' | undefined;
}

function SideButton({ node, side, how }: SideButtonProps) {
  const { turn, busy } = useLineageActions();
  if (!how) return null;
  const label = {
    up: { expand: texts.expandUpstream, collapse: texts.collapseUpstream },
    down: { expand: texts.expandDownstream, collapse: texts.collapseDownstream },
  }[side][how](node.name);
  return (
    <button
      type="button"
      className={classes.side}
      data-side={side}
      data-how={how}
      aria-label={label}
      title={label}
      onClick={() => turn(node.id, side, how)}
    >
      {busy === sideKey(node.id, side) ? (
        <Loader size={10} />
      ) : how === 'expand' ? (
        <IconPlus size={12} stroke={2.4} />
      ) : (
        <IconMinus size={12} stroke={2.4} />
      )}
    </button>
  );
}

/** The names above, as far as they fit. */
function placeOf(fqn: string): string {
  const parts = fqn.match(/"[^"]*"|[^".]+/g) ?? [];
  return parts.slice(0, -1).slice(-3).join('.');
}

/** Stands for what would be too much to see. */
export const FanNode = memo(function FanNode({ data: { fan, name } }: NodeProps<FanFlowNode>) {
  const { widen } = useLineageActions();
  const side = (fan.side === 'up' ? texts.upstream : texts.downstream).toLowerCase();
  return (
    <>
      <Ends name="" y={fanHeight / 2} />
      <button
        type="button"
        className={classes.fan}
        title={texts.fanLabel(fan.count, name, side)}
        onClick={() => widen(fan)}
      >
        {texts.fanMore(fan.count)}
      </button>
    </>
  );
});
