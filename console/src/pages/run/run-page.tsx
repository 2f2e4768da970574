import { Alert, Button, Group, Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle, IconPlayerPlay, IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams, useSearchParams } from 'react-router';
import type { RunRecord } from '../../../../src/server/console-api/console-types.ts';
import { pipelinePath, usePipelineActions } from '../../api/pipelines.ts';
import { useRunStream } from '../../api/run-stream.ts';
import { isEnded, logAddress, runQuery, stopRun } from '../../api/runs.ts';
import { useMay } from '../../api/session.ts';
import { formatCount } from '../../format/numbers.ts';
import { formatDuration, formatTime } from '../../format/times.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { notifyDone, notifyFailure } from '../../parts/notify.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { StateLabel } from '../../parts/state-label.tsx';
import { pipelineTexts, planTexts } from '../../texts/pipelines.ts';
import { runTexts } from '../../texts/runs.ts';
import { FailedRecords } from './failed-records.tsx';
import { LogView } from './log-view.tsx';
import { PlanChanges } from './plan-changes.tsx';
import { RunLive } from './run-live.tsx';
import { RunSummary } from './run-summary.tsx';

const words = runTexts.tabs;

/** One run: live while it goes, then what it came to. A plan shows its changes first. */
export function Component() {
  const { id = '', runId = '' } = useParams();
  const [query, setQuery] = useSearchParams();
  const answer = useQuery(runQuery(runId));
  const stream = useRunStream(runId);
  const run = stream.run ?? answer.data?.run;
  const above = [
    { label: pipelineTexts.title, path: '/pipelines' },
    { label: answer.data?.pipelineName ?? id, path: pipelinePath(id) },
  ];
  if (answer.isError) {
    return (
      <>
        <PageHeader title={runTexts.unknown} above={above} />
        <FailureAlert error={answer.error} onRetry={() => void answer.refetch()} />
      </>
    );
  }
  if (!run || !answer.data) return <Skeleton height={220} />;
  const ended = isEnded(run);
  const tabs = run.kind === 'plan' ? (['changes', 'summary', 'log'] as const) : (['summary', 'failed', 'log'] as const);
  const standard = ended || run.kind === 'plan' ? tabs[0] : 'log';
  const asked = tabs.find((each) => each === query.get('tab'));
  const refused = run.counts?.deadLetters ?? 0;
  return (
    <>
      <PageHeader
        title={run.kind === 'plan' ? planTexts.title : `${runTexts.kinds[run.kind]} of ${formatTime(run.queuedAt)}`}
        above={above}
        badge={<StateLabel state={run.state} size="md" />}
        lead={run.kind === 'plan' ? planTexts.lead : <Facts run={run} />}
        actions={<Actions run={run} />}
      />
      <Stack>
        {run.reason && (
          <Alert
            color={run.state === 'failed' ? 'red' : 'gray'}
            icon={<IconAlertTriangle />}
            title={runTexts.states[run.state]}
          >
            {run.reason}
          </Alert>
        )}
        {!ended && <RunLive run={run} progress={stream.progress} rate={stream.rate} lost={stream.lost} />}
        <Tabs
          value={asked ?? standard}
          onChange={(tab) => setQuery(tab ? { tab } : {}, { replace: true })}
          keepMounted={false}
        >
          <Tabs.List mb="md">
            {tabs.map((tab) => (
              <Tabs.Tab key={tab} value={tab} disabled={tab === 'summary' && !ended}>
                {words[tab]}
                {tab === 'failed' && refused > 0 && ` (${formatCount(refused)})`}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="summary">
            <RunSummary report={answer.data.report} />
          </Tabs.Panel>
          <Tabs.Panel value="changes">
            <PlanChanges runId={runId} whole={ended} />
          </Tabs.Panel>
          <Tabs.Panel value="failed">
            <FailedRecords run={run} />
          </Tabs.Panel>
          <Tabs.Panel value="log">
            <LogView log={stream.log} address={logAddress(runId)} live={!ended} />
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </>
  );
}

function Facts({ run }: { readonly run: RunRecord }) {
  const facts = [
    runTexts.triggers[run.trigger],
    run.attempt > 1 && runTexts.attempt(run.attempt),
    run.seconds !== undefined && formatDuration(run.seconds),
  ];
  return <Text size="sm">{facts.filter(Boolean).join(' · ')}</Text>;
}

function Actions({ run }: { readonly run: RunRecord }) {
  const [asking, { open, close }] = useDisclosure(false);
  const mayAct = useMay('operator');
  const actions = usePipelineActions(run.pipelineId);
  const stop = useMutation({
    mutationFn: () => stopRun(run.runId),
    onSuccess: () => notifyDone(runTexts.stopping),
    onError: notifyFailure,
  });
  if (!mayAct) return null;
  const isPlan = run.kind === 'plan';
  if (!isEnded(run)) {
    return (
      <>
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={16} />}
          loading={stop.isPending}
          disabled={stop.isSuccess}
          onClick={isPlan ? () => stop.mutate() : open}
        >
          {runTexts.stop}
        </Button>
        <Confirm opened={asking} onClose={close} {...runTexts.stopAsk} onConfirm={() => stop.mutate()} />
      </>
    );
  }
  return (
    <Group gap="xs">
      {isPlan && (
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} />}
          loading={actions.plan.isPending}
          onClick={() => actions.plan.mutate()}
        >
          {planTexts.again}
        </Button>
      )}
      <Button
        leftSection={<IconPlayerPlay size={16} />}
        loading={actions.run.isPending}
        onClick={() => actions.run.mutate()}
        title={isPlan ? planTexts.runHelp : undefined}
      >
        {isPlan ? planTexts.run : pipelineTexts.runNow}
      </Button>
    </Group>
  );
}
