import { Button, Group, SegmentedControl, Skeleton, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconSearch, IconTransferIn } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { PipelineEntry } from '../../../../src/server/console-api/console-types.ts';
import { pipelinesQuery } from '../../api/pipelines.ts';
import { useMay } from '../../api/session.ts';
import { Card } from '../../parts/card.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { pipelineTexts } from '../../texts/pipelines.ts';
import { PipelineList } from './pipeline-list.tsx';

const filters = {
  all: () => true,
  failing: ({ lastRuns }: PipelineEntry) => lastRuns.find(({ endedAt }) => endedAt !== undefined)?.state === 'failed',
  running: ({ lastRuns }: PipelineEntry) => lastRuns.some(({ state }) => state === 'running' || state === 'queued'),
  paused: ({ enabled }: PipelineEntry) => !enabled,
} as const;

export function Component() {
  const { data: pipelines, error, isPending, refetch } = useQuery(pipelinesQuery);
  const [search, setSearch] = useState('');
  const [filter, setFilter] = useState<keyof typeof filters>('all');
  const mayChange = useMay('operator');
  const add = mayChange && (
    <Button component={Link} to="/pipelines/new" leftSection={<IconPlus size={18} />}>
      {pipelineTexts.add}
    </Button>
  );
  const words = search.trim().toLowerCase();
  const shown = pipelines?.filter(
    (each) =>
      filters[filter](each) &&
      [each.id, each.displayName, each.owner, each.serviceName].some((text) => text?.toLowerCase().includes(words)),
  );
  return (
    <>
      <PageHeader title={pipelineTexts.title} lead={pipelineTexts.lead} actions={add} />
      {error && <FailureAlert error={error} onRetry={() => void refetch()} />}
      {pipelines?.length === 0 && (
        <Card>
          <EmptyState
            icon={IconTransferIn}
            title={pipelineTexts.empty}
            help={pipelineTexts.emptyHelp}
            action={add || undefined}
          />
        </Card>
      )}
      {pipelines && pipelines.length > 0 && (
        <Group mb="md" gap="sm">
          <TextInput
            aria-label={pipelineTexts.search}
            placeholder={pipelineTexts.search}
            leftSection={<IconSearch size={16} />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            w={{ base: '100%', sm: 300 }}
          />
          <SegmentedControl
            aria-label={pipelineTexts.filter.label}
            value={filter}
            onChange={(value) => setFilter(value as keyof typeof filters)}
            data={(Object.keys(filters) as (keyof typeof filters)[]).map((value) => ({
              value,
              label: pipelineTexts.filter[value],
            }))}
          />
        </Group>
      )}
      {isPending && (
        <Stack>
          <Skeleton height={72} />
          <Skeleton height={72} />
          <Skeleton height={72} />
        </Stack>
      )}
      {shown && shown.length > 0 && <PipelineList pipelines={shown} />}
      {pipelines && pipelines.length > 0 && shown?.length === 0 && (
        <Card>
          <EmptyState icon={IconSearch} title={pipelineTexts.noneFound} help={pipelineTexts.noneFoundHelp} />
        </Card>
      )}
    </>
  );
}
