import { Badge, Button, Grid, Skeleton, Stack } from '@mantine/core';
import { IconListSearch, IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { pipelineQuery, usePipelineActions } from '../../api/pipelines.ts';
import { useMay } from '../../api/session.ts';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { PipelineMenu } from '../../parts/pipeline-menu.tsx';
import { pipelineTexts } from '../../texts/pipelines.ts';
import { PipelineFacts } from './pipeline-facts.tsx';
import { RunHistoryCard } from './run-history-card.tsx';

const above = [{ label: pipelineTexts.title, path: '/pipelines' }];

/** One pipeline: how it has been going, and what it is. */
export function Component() {
  const { id = '' } = useParams();
  const { data: pipeline, error, refetch } = useQuery(pipelineQuery(id));
  const { run, plan } = usePipelineActions(id);
  const mayAct = useMay('operator');
  if (error) {
    return (
      <>
        <PageHeader title={id} above={above} />
        <FailureAlert error={error} onRetry={() => void refetch()} />
      </>
    );
  }
  const name = pipeline?.displayName ?? id;
  return (
    <>
      <PageHeader
        title={name}
        above={above}
        lead={pipeline?.description}
        badge={
          pipeline?.enabled === false && (
            <Badge variant="light" color="gray" tt="none">
              {pipelineTexts.paused}
            </Badge>
          )
        }
        actions={
          mayAct &&
          pipeline && (
            <>
              <Button
                variant="default"
                leftSection={<IconListSearch size={16} />}
                loading={plan.isPending}
                onClick={() => plan.mutate()}
              >
                {pipelineTexts.plan}
              </Button>
              <Button leftSection={<IconPlayerPlay size={16} />} loading={run.isPending} onClick={() => run.mutate()}>
                {pipelineTexts.runNow}
              </Button>
              <PipelineMenu
                id={id}
                name={name}
                enabled={pipeline.enabled}
                scheduled={pipeline.schedule.cron !== undefined}
              />
            </>
          )
        }
      />
      {pipeline ? (
        <Grid gap="md">
          <Grid.Col span={{ base: 12, lg: 8.5 }}>
            <RunHistoryCard pipelineId={id} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 3.5 }}>
            <PipelineFacts pipeline={pipeline} />
          </Grid.Col>
        </Grid>
      ) : (
        <Stack>
          <Skeleton height={240} />
          <Skeleton height={320} />
        </Stack>
      )}
    </>
  );
}
