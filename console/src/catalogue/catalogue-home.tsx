import { Card, Group, SimpleGrid, Skeleton, Text, ThemeIcon } from '@mantine/core';
import { IconListTree } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { CatalogueNode } from '../../../src/server/console-api/catalogue/catalogue-types.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { FailureAlert } from '../parts/failure-alert.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { kindWords, catalogueTexts as texts } from '../texts/catalogue-texts.ts';
import classes from './catalogue.module.css';
import { assetPath } from './catalogue-paths.ts';
import { treeQuery } from './catalogue-queries.ts';
import { KindIcon } from './kind-icon.tsx';

/** What the pipeline brought in, at a glance. */
export function Component() {
  const { pipelineId = '' } = useParams();
  const roots = useInfiniteQuery(treeQuery(pipelineId, undefined));
  const nodes = roots.data?.pages.flatMap((page) => page.nodes);
  return (
    <>
      <PageHeader title={texts.home.title} lead={texts.lead} />
      {roots.isError && <FailureAlert error={roots.error} onRetry={() => void roots.refetch()} />}
      {roots.isPending && <Skeleton height={180} radius="md" />}
      {nodes?.length === 0 && <EmptyState icon={IconListTree} title={texts.empty.title} help={texts.empty.help} />}
      {nodes && nodes.length > 0 && (
        <SimpleGrid className={classes.cards!} cols={{ base: 1, sm: 2, xl: 3 }} spacing="md">
          {nodes.map((node) => (
            <RootCard key={`${node.kind} ${node.fqn}`} pipelineId={pipelineId} node={node} />
          ))}
        </SimpleGrid>
      )}
    </>
  );
}

function RootCard({ pipelineId, node }: { readonly pipelineId: string; readonly node: CatalogueNode }) {
  const below = useInfiniteQuery(treeQuery(pipelineId, node));
  const [first] = below.data?.pages ?? [];
  const kind = first?.nodes[0]?.kind;
  const count = first?.total ?? first?.nodes.length ?? 0;
  const words = kind && inSentence(count === 1 ? kindWords[kind].one : kindWords[kind].many);
  return (
    <Card withBorder padding="lg" component={Link} to={assetPath(pipelineId, node)}>
      <Group wrap="nowrap" align="flex-start">
        <ThemeIcon size={40} variant="light" radius="md">
          <KindIcon kind={node.kind} size={22} />
        </ThemeIcon>
        <div style={{ minWidth: 0 }}>
          <Text fw={650} style={{ overflowWrap: 'anywhere' }}>
            {node.name}
          </Text>
          <Text size="sm" c="dimmed">
            {kindWords[node.kind].one}
            {node.type && ` · ${serviceWord(node.type)}`}
          </Text>
          <Text size="sm" mt={6} className="numbers">
            {below.isPending ? ' ' : words ? texts.home.holds(count, words) : texts.nothingBelow}
          </Text>
        </div>
      </Group>
    </Card>
  );
}

/** Small letters within a line, but for what is short for something. */
function inSentence(words: string): string {
  return /^[A-Z]{2}/.test(words) ? words : words.toLowerCase();
}

/** OpenMetadata's `CustomStorage` and its like say no more than `Custom` beside the kind. */
function serviceWord(type: string): string {
  return type.startsWith('Custom') ? 'Custom' : type;
}
