import { Button, Loader, Paper, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { catalogueTexts as texts } from '../../texts/catalogue-texts.ts';
import { assetPath } from '../catalogue-paths.ts';
import { type AssetName, treeQuery } from '../catalogue-queries.ts';
import { KindIcon } from '../kind-icon.tsx';
import classes from './child-list.module.css';

/** What a service, database, schema, glossary … holds. */
export function ChildList({ pipelineId, parent }: { readonly pipelineId: string; readonly parent: AssetName }) {
  const { kind, fqn } = parent;
  const below = useInfiniteQuery(treeQuery(pipelineId, { kind, fqn }));
  if (below.isPending) return <Loader size="sm" m="md" />;
  if (below.isError && !below.data) return <FailureAlert error={below.error} onRetry={() => void below.refetch()} />;
  const nodes = below.data.pages.flatMap((page) => page.nodes);
  const total = below.data.pages[0]?.total;
  return (
    <Paper withBorder mt="md">
      {nodes.length === 0 && !below.hasNextPage && (
        <Text c="dimmed" size="sm" p="md">
          {texts.nothingBelow}
        </Text>
      )}
      <ul className={classes.list}>
        {nodes.map((node) => (
          <li key={`${node.kind} ${node.fqn}`}>
            <Link to={assetPath(pipelineId, node)} className={classes.entry}>
              <KindIcon kind={node.kind} type={node.type} />
              <span>{node.name}</span>
              {node.type && <span className={classes.type}>{node.type}</span>}
            </Link>
          </li>
        ))}
      </ul>
      {below.hasNextPage && (
        <Button variant="subtle" m="xs" loading={below.isFetchingNextPage} onClick={() => void below.fetchNextPage()}>
          {texts.more(nodes.length, total)}
        </Button>
      )}
    </Paper>
  );
}
