import { Anchor, Checkbox, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { RunRecord } from '../../../../src/server/console-api/console-types.ts';
import { pipelinePath } from '../../api/pipelines.ts';
import { isEnded } from '../../api/runs.ts';
import { formatCount } from '../../format/numbers.ts';
import { formatDuration, formatTime } from '../../format/times.ts';
import { Moment } from '../../parts/moment.tsx';
import { StateLabel } from '../../parts/state-label.tsx';
import { WideTable } from '../../parts/wide-table.tsx';
import { runTexts } from '../../texts/runs.ts';
import classes from './run-table.module.css';

const counts = ['created', 'updated', 'deleted', 'failed'] as const;

interface RunTableProps {
  readonly runs: readonly RunRecord[];
  /** Ids of the runs that are to be compared. */
  readonly chosen: readonly string[];
  readonly onChoose: (runId: string, on: boolean) => void;
}

export function RunTable({ runs, chosen, onChoose }: RunTableProps) {
  return (
    <WideTable minWidth={720} label={runTexts.history.title}>
      <Table verticalSpacing="xs" className="numbers">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={36} aria-label={runTexts.compare.compare} />
            <Table.Th>{runTexts.state}</Table.Th>
            <Table.Th>{runTexts.started}</Table.Th>
            <Table.Th>{runTexts.kind}</Table.Th>
            <Table.Th ta="right">{runTexts.duration}</Table.Th>
            {counts.map((count) => (
              <Table.Th key={count} ta="right">
                {runTexts.counts[count]}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => {
            const when = run.startedAt ?? run.queuedAt;
            const comparable = isEnded(run) && run.kind === 'run';
            return (
              <Table.Tr key={run.runId}>
                <Table.Td>
                  {comparable && (
                    <Checkbox
                      size="xs"
                      aria-label={runTexts.compare.select(formatTime(when))}
                      checked={chosen.includes(run.runId)}
                      onChange={(event) => onChoose(run.runId, event.currentTarget.checked)}
                    />
                  )}
                </Table.Td>
                <Table.Td>
                  <Anchor component={Link} to={pipelinePath(run.pipelineId, 'runs', run.runId)} underline="hover">
                    <StateLabel state={run.state} />
                  </Anchor>
                </Table.Td>
                <Table.Td className={classes.whole!}>
                  <Moment time={when} />
                </Table.Td>
                <Table.Td className={classes.whole!}>
                  <Text size="sm">
                    {run.kind === 'run' ? runTexts.triggers[run.trigger] : runTexts.kinds[run.kind]}
                  </Text>
                  {run.attempt > 1 && (
                    <Text size="xs" c="dimmed">
                      {runTexts.attempt(run.attempt)}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td ta="right">{run.seconds === undefined ? '–' : formatDuration(run.seconds)}</Table.Td>
                {counts.map((count) => (
                  <Table.Td key={count} ta="right">
                    <Text
                      component="span"
                      size="sm"
                      c={!run.counts?.[count] ? 'dimmed' : count === 'failed' ? 'var(--console-bad)' : undefined}
                    >
                      {run.counts ? formatCount(run.counts[count]) : '–'}
                    </Text>
                  </Table.Td>
                ))}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
