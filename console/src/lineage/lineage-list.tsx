import { Anchor, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import type { CatalogueKind, LineageLink } from '../../../src/server/console-api/catalogue/catalogue-types.ts';
import tableClasses from '../catalogue/asset/part-table.module.css';
import { assetPath } from '../catalogue/catalogue-paths.ts';
import { KindIcon } from '../catalogue/kind-icon.tsx';
import { lineageTexts as texts } from '../texts/lineage-texts.ts';
import { ColumnPair } from './column-pair.tsx';
import classes from './lineage.module.css';
import type { ShownLineage, ShownNode } from './lineage-graph.ts';

interface LineageListProps {
  readonly pipelineId: string;
  readonly shown: ShownLineage;
  readonly root: string;
}

/** The picture in words, nearest first. */
export function LineageList({ pipelineId, shown, root }: LineageListProps) {
  const others = shown.nodes.filter(({ id }) => id !== root);
  const near = (a: ShownNode, b: ShownNode): number => Math.abs(a.distance) - Math.abs(b.distance);
  const sides = [
    { title: texts.upstream, none: texts.upstreamEmpty, nodes: others.filter(({ distance }) => distance < 0) },
    { title: texts.downstream, none: texts.downstreamEmpty, nodes: others.filter(({ distance }) => distance >= 0) },
  ];
  return sides.map(({ title, none, nodes }) => (
    <section key={title} className={classes.listPart}>
      <Title order={2} size="h5" mb="xs">
        {title}
      </Title>
      {nodes.length === 0 ? (
        <Text c="dimmed" size="sm">
          {none}
        </Text>
      ) : (
        <table className={tableClasses.table} data-plain>
          <thead>
            <tr>
              <th scope="col">{texts.asset}</th>
              <th scope="col">{texts.distance}</th>
              <th scope="col">{texts.through}</th>
              <th scope="col">{texts.fromColumns}</th>
            </tr>
          </thead>
          <tbody>
            {nodes.toSorted(near).map((node) => (
              <Row key={node.id} pipelineId={pipelineId} node={node} links={linksOf(node, shown)} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  ));
}

/** Those on the side of the root: how it comes to be here. */
function linksOf({ id, distance }: ShownNode, { links }: ShownLineage): readonly LineageLink[] {
  return links.filter(({ from, to }) => (distance < 0 ? from : to) === id);
}

interface RowProps {
  readonly pipelineId: string;
  readonly node: ShownNode;
  readonly links: readonly LineageLink[];
}

function Row({ pipelineId, node, links }: RowProps) {
  const jobs = new Map(links.flatMap(({ pipeline }) => (pipeline ? [[pipeline.fqn, pipeline] as const] : [])));
  const pairs = links.flatMap(({ columns }) => columns);
  return (
    <tr>
      <th scope="row">
        <span className={classes.listName}>
          <KindIcon kind={node.kind} />
          <Anchor
            component={Link}
            to={assetPath(pipelineId, { kind: node.kind as CatalogueKind, fqn: node.fqn }, 'lineage')}
            size="sm"
          >
            {node.name}
          </Anchor>
        </span>
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {node.fqn}
        </Text>
      </th>
      <td className="numbers">{Math.abs(node.distance)}</td>
      <td>
        {[...jobs.values()].map((job) => (
          <div key={job.fqn}>
            <Anchor component={Link} to={assetPath(pipelineId, job)} size="sm">
              {job.name}
            </Anchor>
          </div>
        ))}
      </td>
      <td>
        {pairs.slice(0, mostPairs).map((pair) => (
          <div key={`${pair.from.join()} ${pair.to}`}>
            <ColumnPair pair={pair} />
          </div>
        ))}
        {pairs.length > mostPairs && <div>{texts.moreColumns(pairs.length - mostPairs)}</div>}
      </td>
    </tr>
  );
}

const mostPairs = 6;
