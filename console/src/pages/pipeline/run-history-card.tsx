import { Button, Center, Group, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core';
import { IconArrowsDiff, IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import type { RunRecord } from '../../../../src/server/console-api/console-types.ts';
import { pipelinePath } from '../../api/pipelines.ts';
import { runsQuery } from '../../api/runs.ts';
import { Card } from '../../parts/card.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { runTexts } from '../../texts/runs.ts';
import { RunTable } from './run-table.tsx';

const words = runTexts.history;
const RunPlot = lazy(() => import('./run-plot.tsx'));

/** The runs of a pipeline: drawn, and as a table from which two can be compared. */
export function RunHistoryCard({ pipelineId }: { readonly pipelineId: string }) {
  const navigate = useNavigate();
  const [kind, setKind] = useState<RunRecord['kind'] | 'all'>('all');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const pages = useInfiniteQuery(runsQuery(pipelineId, kind === 'all' ? undefined : kind));
  const runs = pages.data?.pages.flatMap((page) => page.runs) ?? [];
  const drawn = runs.filter(({ kind: each, seconds }) => each === 'run' && seconds !== undefined);
  const choose = (runId: string, on: boolean): void =>
    setChosen((before) => (on ? [...before, runId].slice(-2) : before.filter((each) => each !== runId)));
  return (
    <Stack>
      {drawn.length > 1 && (
        <Suspense fallback={<Skeleton height={220} />}>
          <RunPlot runs={drawn} />
        </Suspense>
      )}
      <Card
        title={words.title}
        actions={
          <Group gap="sm">
            <SegmentedControl
              size="xs"
              aria-label={words.filter}
              value={kind}
              onChange={(value) => {
                setKind(value as typeof kind);
                setChosen([]);
              }}
              data={[
                { value: 'all', label: words.all },
                { value: 'run', label: runTexts.kinds.run },
                { value: 'plan', label: runTexts.kinds.plan },
                { value: 'replay', label: runTexts.kinds.replay },
              ]}
            />
            <Button
              size="xs"
              variant="light"
              leftSection={<IconArrowsDiff size={14} />}
              disabled={chosen.length !== 2}
              onClick={() => navigate(`${pipelinePath(pipelineId, 'compare')}?runs=${chosen.join(',')}`)}
            >
              {runTexts.compare.compare}
            </Button>
          </Group>
        }
      >
        {pages.isError && <FailureAlert error={pages.error} onRetry={() => void pages.refetch()} />}
        {pages.isPending && <Skeleton height={160} />}
        {pages.isSuccess && runs.length === 0 && (
          <EmptyState icon={IconHistory} title={words.empty} help={words.emptyHelp} />
        )}
        {runs.length > 0 && (
          <>
            <Text size="sm" c="dimmed" mb="xs">
              {runTexts.compare.choose}
            </Text>
            <RunTable runs={runs} chosen={chosen} onChoose={choose} />
          </>
        )}
        {pages.hasNextPage && (
          <Center mt="md">
            <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              {words.older}
            </Button>
          </Center>
        )}
      </Card>
    </Stack>
  );
}
