import { Anchor, Badge, Box, Button, Group, Stack, Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconListSearch, IconPlayerPlay } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { PipelineEntry } from '../../../../src/server/console-api/console-types.ts';
import { pipelinePath, usePipelineActions } from '../../api/pipelines.ts';
import { useMay } from '../../api/session.ts';
import { scheduleInWords } from '../../format/schedule-words.ts';
import { Card } from '../../parts/card.tsx';
import { Moment } from '../../parts/moment.tsx';
import { PipelineMenu } from '../../parts/pipeline-menu.tsx';
import { RunBars } from '../../parts/run-bars.tsx';
import { StateLabel } from '../../parts/state-label.tsx';
import { pipelineTexts } from '../../texts/pipelines.ts';

interface PipelineListProps {
  readonly pipelines: readonly PipelineEntry[];
}

/** A table where there is room for one, else a card for each. */
export function PipelineList({ pipelines }: PipelineListProps) {
  const wide = useMediaQuery('(min-width: 64em)', true, { getInitialValueInEffect: false });
  const { columns } = pipelineTexts;
  if (!wide) {
    return (
      <Stack gap="sm">
        {pipelines.map((pipeline) => (
          <Card key={pipeline.id} p="md">
            <Stack gap="sm">
              <Group justify="space-between" wrap="nowrap" align="flex-start">
                <Name pipeline={pipeline} />
                <Last pipeline={pipeline} />
              </Group>
              <RunBars runs={pipeline.lastRuns} />
              <Next pipeline={pipeline} />
              <Actions pipeline={pipeline} />
            </Stack>
          </Card>
        ))}
      </Stack>
    );
  }
  return (
    <Card p={0}>
      <Table verticalSpacing="sm" horizontalSpacing="lg">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{columns.name}</Table.Th>
            <Table.Th w={190}>{columns.runs}</Table.Th>
            <Table.Th>{columns.last}</Table.Th>
            <Table.Th>{columns.next}</Table.Th>
            <Table.Th>{columns.owner}</Table.Th>
            <Table.Th w={10} aria-label={columns.actions} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {pipelines.map((pipeline) => (
            <Table.Tr key={pipeline.id}>
              <Table.Td>
                <Name pipeline={pipeline} />
              </Table.Td>
              <Table.Td>
                <RunBars runs={pipeline.lastRuns} />
              </Table.Td>
              <Table.Td>
                <Last pipeline={pipeline} />
              </Table.Td>
              <Table.Td>
                <Next pipeline={pipeline} />
              </Table.Td>
              <Table.Td>
                <Text size="sm" c={pipeline.owner ? undefined : 'dimmed'}>
                  {pipeline.owner ?? pipelineTexts.noOwner}
                </Text>
              </Table.Td>
              <Table.Td>
                <Actions pipeline={pipeline} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}

interface RowProps {
  readonly pipeline: PipelineEntry;
}

function Name({ pipeline: { id, displayName, sourceType, serviceName, enabled, pipelineType } }: RowProps) {
  const kind = pipelineType === 'metadata' ? sourceType : `${sourceType ?? ''} ${pipelineTexts.types[pipelineType]}`;
  return (
    <Box miw={0}>
      <Group gap="xs">
        <Anchor component={Link} to={pipelinePath(id)} fw={600} c="var(--mantine-color-text)">
          {displayName ?? id}
        </Anchor>
        {!enabled && (
          <Badge variant="light" color="gray" size="sm" tt="none">
            {pipelineTexts.paused}
          </Badge>
        )}
      </Group>
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {[kind, serviceName].filter(Boolean).join(' · ')}
      </Text>
    </Box>
  );
}

function Last({ pipeline: { lastRuns } }: RowProps) {
  const [last] = lastRuns;
  if (!last) return <Text c="dimmed">–</Text>;
  return (
    <Box>
      <StateLabel state={last.state} />
      <Text size="xs" c="dimmed">
        <Moment time={last.endedAt ?? last.startedAt ?? last.queuedAt} />
      </Text>
    </Box>
  );
}

function Next({ pipeline: { nextRun, schedule, enabled } }: RowProps) {
  const { cron } = schedule;
  if (!cron) {
    return (
      <Text size="sm" c="dimmed">
        {pipelineTexts.onDemand}
      </Text>
    );
  }
  const when = enabled ? nextRun ? <Moment time={nextRun} /> : pipelineTexts.notAgain : pipelineTexts.paused;
  return (
    <Box>
      <Text size="sm">{when}</Text>
      <Text size="xs" c="dimmed">
        {scheduleInWords(cron) ?? cron}
      </Text>
    </Box>
  );
}

function Actions({ pipeline: { id, displayName, enabled, schedule } }: RowProps) {
  const mayAct = useMay('operator');
  const { run, plan } = usePipelineActions(id);
  const name = displayName ?? id;
  if (!mayAct) return null;
  return (
    <Group gap={6} wrap="nowrap">
      <Button
        size="xs"
        variant="light"
        leftSection={<IconPlayerPlay size={14} />}
        loading={run.isPending}
        onClick={() => run.mutate()}
        aria-label={pipelineTexts.runOf(name)}
      >
        {pipelineTexts.run}
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconListSearch size={14} />}
        loading={plan.isPending}
        onClick={() => plan.mutate()}
        aria-label={pipelineTexts.planOf(name)}
      >
        {pipelineTexts.plan}
      </Button>
      <PipelineMenu id={id} name={name} enabled={enabled} scheduled={schedule.cron !== undefined} />
    </Group>
  );
}
