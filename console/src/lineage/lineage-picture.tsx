import { ActionIcon, Group, Loader, useComputedColorScheme } from '@mantine/core';
import { IconArrowsMaximize, IconFocus2, IconMinus, IconPlus } from '@tabler/icons-react';
import {
  Background,
  type Edge,
  MarkerType,
  MiniMap,
  Panel,
  ReactFlow,
  type ReactFlowInstance,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { lineageTexts as texts } from '../texts/lineage-texts.ts';
import { arrange, type Places } from './arrange.ts';
import { AssetNode, FanNode } from './asset-node.tsx';
import { ChosenPanel } from './chosen-panel.tsx';
import { type ColumnKey, traceColumn } from './column-trace.ts';
import {
  boxWidth,
  type FlowNode,
  flowEdges,
  flowNodes,
  headHeight,
  type Level,
  type Sketch,
  sketch,
} from './flow-elements.ts';
import classes from './lineage.module.css';
import { type LineageActions, LineageContext } from './lineage-context.ts';
import { type ShownLineage, shownLineage } from './lineage-graph.ts';
import type { LineageControl } from './use-lineage.ts';

interface LineagePictureProps {
  readonly pipelineId: string;
  readonly lineage: LineageControl;
  readonly level: Level;
}

const nodeTypes = { asset: AssetNode, fan: FanNode };
/** A picture that would be smaller than this to fit begins at its root instead, in this scale. */
const smallestStart = 0.55;
const rootScale = 0.85;
const largestStart = 1.1;
/** Part of the frame that a whole picture fills. */
const filled = 0.88;
const edgeOptions = { markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14 }, interactionWidth: 14 };
/** Heads, and room to be clicked at, would take as long to draw as the arrows; all lead to the right. */
const plainEdgeOptions = { interactionWidth: 0 };
const plainFrom = 400;
/** Boxes with which a small map helps; with many more it is a smear, and takes as long to draw as they do. */
const [mapFrom, mapUpTo] = [15, 300];

export function LineagePicture(props: LineagePictureProps) {
  return (
    <ReactFlowProvider>
      <Picture {...props} />
    </ReactFlowProvider>
  );
}

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Arranged {
  readonly shown: ShownLineage;
  readonly drawn: Sketch;
  readonly places: Places;
}

function Picture({ pipelineId, lineage, level }: LineagePictureProps) {
  const scheme = useComputedColorScheme('light');
  const flow = useReactFlow<FlowNode>();
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<string>();
  const [start, setStart] = useState<ColumnKey>();
  const shown = useMemo(() => shownLineage(lineage.state), [lineage.state]);
  const drawn = useMemo(() => sketch(shown, level, opened), [shown, level, opened]);
  const anchor = useRef(lineage.state.root);
  const { arranged, isBusy } = useArranged(shown, drawn);
  const frame = useRef<HTMLDivElement>(null);
  useStaying(arranged, anchor, flow, frame);
  useCentered(flow, frame);

  const traced = useMemo(
    () =>
      start !== undefined && level === 'columns' && arranged ? traceColumn(arranged.shown.links, start) : undefined,
    [start, level, arranged],
  );
  const nodes = useMemo(() => (arranged ? flowNodes(arranged.shown, arranged.drawn, arranged.places) : []), [arranged]);
  const edges = useMemo(
    () => (arranged ? flowEdges(arranged.shown, arranged.drawn, level, traced, chosen) : []),
    [arranged, level, traced, chosen],
  );
  const { turn, widen, busy } = lineage;
  const actions = useMemo(
    (): LineageActions => ({
      root: lineage.state.root,
      chosen,
      traced,
      busy,
      choose: (id) => setChosen((now) => (now === id ? undefined : id)),
      turn: (id, side, how) => {
        anchor.current = id;
        void turn(id, side, how);
      },
      widen: (fan) => {
        anchor.current = fan.of;
        widen(fan);
      },
      trace: (column) => setStart((now) => (now === column ? undefined : column)),
      openColumns: (id) => {
        anchor.current = id;
        setOpened((now) => new Set([...now, id]));
      },
    }),
    [lineage.state.root, chosen, traced, busy, turn, widen],
  );

  return (
    <div
      ref={frame}
      className={classes.picture}
      data-arranged={arranged !== undefined && !isBusy}
      data-nodes={nodes.length}
    >
      <LineageContext value={actions}>
        <ReactFlow<FlowNode>
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          colorMode={scheme}
          defaultEdgeOptions={edges.length > plainFrom ? plainEdgeOptions : edgeOptions}
          onlyRenderVisibleElements
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          minZoom={0.005}
          maxZoom={2}
          zoomOnDoubleClick={false}
          onEdgeClick={(_event, edge: Edge) => setChosen((edge.data?.['link'] as string | undefined) || undefined)}
          onPaneClick={() => {
            setChosen(undefined);
            setStart(undefined);
          }}
          aria-label={texts.pictureLabel(lineage.state.nodes.get(lineage.state.root)?.name ?? '')}
        >
          <Background gap={24} />
          <Tools root={lineage.state.root} isBusy={isBusy} />
          {nodes.length > mapFrom && nodes.length <= mapUpTo && (
            <MiniMap pannable zoomable className={classes.map!} ariaLabel={null} />
          )}
        </ReactFlow>
        {chosen !== undefined && (
          <ChosenPanel
            pipelineId={pipelineId}
            lineage={lineage.state}
            chosen={chosen}
            onClose={() => setChosen(undefined)}
          />
        )}
      </LineageContext>
    </div>
  );
}

/** Keeps what is drawn until the next is arranged; answers that are overtaken are dropped. */
function useArranged(shown: ShownLineage, drawn: Sketch): { readonly arranged?: Arranged; readonly isBusy: boolean } {
  const [arranged, setArranged] = useState<Arranged>();
  const [isBusy, setBusy] = useState(true);
  useEffect(() => {
    let isOvertaken = false;
    setBusy(true);
    arrange(drawn.boxes, drawn.arrows).then(
      (places) => {
        if (isOvertaken) return;
        setArranged({ shown, drawn, places });
        setBusy(false);
      },
      // Without places there is no picture; the list still has everything.
      (failure: unknown) => {
        if (!isOvertaken) throw failure;
      },
    );
    return () => {
      isOvertaken = true;
    };
  }, [shown, drawn]);
  return { ...(arranged && { arranged }), isBusy };
}

/** What was clicked stays under the pointer while everything around it moves. */
function useStaying(
  arranged: Arranged | undefined,
  anchor: { readonly current: string },
  flow: ReactFlowInstance<FlowNode>,
  frame: { readonly current: HTMLDivElement | null },
): void {
  const before = useRef<Places>(undefined);
  // Before it is painted: nobody sees a picture jump.
  useLayoutEffect(() => {
    if (!arranged) return;
    const [was, is] = [before.current?.get(anchor.current), arranged.places.get(anchor.current)];
    const isFirst = before.current === undefined;
    before.current = arranged.places;
    if (isFirst) {
      const { clientWidth: width = 0, clientHeight: height = 0 } = frame.current ?? {};
      return beginAt(flow, anchor.current, arranged, { width, height });
    }
    if (!was || !is) return;
    const { x, y, zoom } = flow.getViewport();
    void flow.setViewport({ x: x + (was.x - is.x) * zoom, y: y + (was.y - is.y) * zoom, zoom });
  }, [arranged, anchor, flow, frame]);
}

/** What is in the middle stays there when the window changes. */
function useCentered(flow: ReactFlowInstance<FlowNode>, frame: { readonly current: HTMLDivElement | null }): void {
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    let { clientWidth: width, clientHeight: height } = element;
    const observer = new ResizeObserver(() => {
      const { x, y, zoom } = flow.getViewport();
      const [dx, dy] = [(element.clientWidth - width) / 2, (element.clientHeight - height) / 2];
      [width, height] = [element.clientWidth, element.clientHeight];
      if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [flow, frame]);
}

/**
 * The whole where it can be read, else the root with what is near it. Worked out beforehand: to try it would draw every box.
 */
function beginAt(flow: ReactFlowInstance<FlowNode>, root: string, { places, drawn }: Arranged, frame: Size): void {
  const place = places.get(root);
  if (!place) return;
  const corners = drawn.boxes.map(({ id, width, height }) => {
    const { x = 0, y = 0 } = places.get(id) ?? {};
    return { right: x + width, bottom: y + height };
  });
  const width = Math.max(...corners.map(({ right }) => right));
  const height = Math.max(...corners.map(({ bottom }) => bottom));
  const zoom = Math.min(largestStart, (frame.width * filled) / width, (frame.height * filled) / height);
  const [center, scale] =
    zoom >= smallestStart
      ? [{ x: width / 2, y: height / 2 }, zoom]
      : [{ x: place.x + boxWidth / 2, y: place.y + headHeight / 2 }, rootScale];
  const { x, y } = center;
  void flow.setViewport({ x: frame.width / 2 - x * scale, y: frame.height / 2 - y * scale, zoom: scale });
}

function Tools({ root, isBusy }: { readonly root: string; readonly isBusy: boolean }) {
  const flow = useReactFlow<FlowNode>();
  const center = useCallback(() => {
    const place = flow.getNode(root)?.position;
    if (place) void flow.setCenter(place.x + boxWidth / 2, place.y + headHeight / 2, { zoom: 0.9 });
  }, [flow, root]);
  const tools = [
    { label: texts.zoomIn, icon: IconPlus, act: () => void flow.zoomIn() },
    { label: texts.zoomOut, icon: IconMinus, act: () => void flow.zoomOut() },
    { label: texts.fit, icon: IconArrowsMaximize, act: () => void flow.fitView({ padding: 0.06 }) },
    { label: texts.center, icon: IconFocus2, act: center },
  ];
  return (
    <Panel position="bottom-left">
      <Group gap={4} className={classes.tools}>
        {tools.map(({ label, icon: Icon, act }) => (
          <ActionIcon key={label} variant="subtle" color="gray" aria-label={label} title={label} onClick={act}>
            <Icon size={17} />
          </ActionIcon>
        ))}
        {isBusy && <Loader size={14} mx={6} aria-label={texts.arranging} />}
      </Group>
    </Panel>
  );
}
