import { Anchor, Skeleton, Stack, Switch, Table, Text } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import type { RunAnswer, RunReport } from '../../../../src/server/console-api/console-types.ts';
import { pipelinePath, pipelineQuery } from '../../api/pipelines.ts';
import { runQuery } from '../../api/runs.ts';
import { formatCount } from '../../format/numbers.ts';
import { formatDuration, formatTime } from '../../format/times.ts';
import { Card } from '../../parts/card.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { StateLabel } from '../../parts/state-label.tsx';
import { WideTable } from '../../parts/wide-table.tsx';
import { entityTypeName } from '../../texts/entity-types.ts';
import { pipelineTexts } from '../../texts/pipelines.ts';
import { runTexts } from '../../texts/runs.ts';

const words = runTexts.compare;
const counts = ['read', 'created', 'updated', 'unchanged', 'kept', 'deleted', 'skipped', 'failed'] as const;

/** Two runs of a pipeline beside each other: what each did, kind by kind, and what failed in only one. */
export function Component() {
  const { id = '' } = useParams();
  const [query] = useSearchParams();
  const ids = (query.get('runs') ?? '').split(',').filter(Boolean).slice(0, 2);
  const pipeline = useQuery(pipelineQuery(id));
  const answers = useQueries({ queries: ids.map((runId) => runQuery(runId)) });
  const failed = answers.find(({ isError }) => isError);
  const [earlier, later] = answers
    .flatMap(({ data }) => data ?? [])
    .sort((a, b) => Date.parse(a.run.queuedAt) - Date.parse(b.run.queuedAt));
  return (
    <>
      <PageHeader
        title={words.title}
        above={[
          { label: pipelineTexts.title, path: '/pipelines' },
          { label: pipeline.data?.displayName ?? id, path: pipelinePath(id) },
        ]}
      />
      {failed && <FailureAlert error={failed.error} />}
      {!failed && ids.length < 2 && <Text>{words.choose}</Text>}
      {!failed && ids.length === 2 && !(earlier && later) && <Skeleton height={300} />}
      {earlier && later && <Comparison earlier={earlier} later={later} />}
    </>
  );
}

interface ComparisonProps {
  readonly earlier: RunAnswer;
  readonly later: RunAnswer;
}

function Comparison({ earlier, later }: ComparisonProps) {
  const [all, setAll] = useState(false);
  const seconds = [earlier.run.seconds, later.run.seconds] as const;
  const both = earlier.report && later.report ? ([earlier.report, later.report] as const) : undefined;
  return (
    <Stack>
      <Switch label={words.onlyDifferences} checked={!all} onChange={(event) => setAll(!event.currentTarget.checked)} />
      <Card p={0}>
        <WideTable minWidth={620} label={words.title}>
          <Table horizontalSpacing="lg" className="numbers">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.what}</Table.Th>
                <RunHead label={words.earlier} answer={earlier} />
                <RunHead label={words.later} answer={later} />
                <Table.Th ta="right">{words.difference}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              <Table.Tr>
                <Table.Td fw={600}>{runTexts.duration}</Table.Td>
                {seconds.map((each, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the earlier and the later one
                  <Table.Td key={index} ta="right">
                    {each === undefined ? '–' : formatDuration(each)}
                  </Table.Td>
                ))}
                <Table.Td ta="right">
                  {seconds[0] !== undefined && seconds[1] !== undefined && (
                    <Difference by={seconds[1] - seconds[0]} format={formatDuration} />
                  )}
                </Table.Td>
              </Table.Tr>
              {both &&
                rowsOf(both[0], both[1])
                  .filter(({ before, after }) => all || before !== after)
                  .map((row) => <CountRow key={`${row.type} ${row.count}`} {...row} />)}
            </Table.Tbody>
          </Table>
        </WideTable>
      </Card>
      {both ? <Failures earlier={both[0]} later={both[1]} /> : <Text c="dimmed">{words.noReport}</Text>}
    </Stack>
  );
}

function RunHead({ label, answer: { run } }: { readonly label: string; readonly answer: RunAnswer }) {
  return (
    <Table.Th ta="right">
      {label}
      <br />
      <Anchor component={Link} to={pipelinePath(run.pipelineId, 'runs', run.runId)} size="sm">
        {formatTime(run.startedAt ?? run.queuedAt)}
      </Anchor>
      <br />
      <StateLabel state={run.state} />
    </Table.Th>
  );
}

interface CountPair {
  readonly type: string;
  readonly count: (typeof counts)[number];
  readonly before: number;
  readonly after: number;
}

/** Every count of every kind that is not nought in both. */
function rowsOf(earlier: RunReport, later: RunReport): readonly CountPair[] {
  const types = [
    ...new Set([...Object.keys(earlier.stages), ...Object.keys(later.stages)]),
  ] as (keyof RunReport['stages'])[];
  return types.flatMap((type) =>
    counts
      .map((count) => ({
        type,
        count,
        before: earlier.stages[type]?.[count] ?? 0,
        after: later.stages[type]?.[count] ?? 0,
      }))
      .filter(({ before, after }) => before > 0 || after > 0),
  );
}

function CountRow({ type, count, before, after }: CountPair) {
  return (
    <Table.Tr>
      <Table.Td>
        <Text span size="sm" fw={600}>
          {entityTypeName(type, true)}
        </Text>{' '}
        <Text span size="sm" c="dimmed">
          {runTexts.counts[count].toLowerCase()}
        </Text>
      </Table.Td>
      <Table.Td ta="right">{formatCount(before)}</Table.Td>
      <Table.Td ta="right">{formatCount(after)}</Table.Td>
      <Table.Td ta="right">
        <Difference by={after - before} format={formatCount} />
      </Table.Td>
    </Table.Tr>
  );
}

function Difference({ by, format }: { readonly by: number; readonly format: (value: number) => string }) {
  if (by === 0) {
    return (
      <Text span size="sm" c="dimmed">
        =
      </Text>
    );
  }
  return (
    <Text span size="sm" fw={600}>
      {by > 0 ? '+' : '−'}
      {format(Math.abs(by))}
    </Text>
  );
}

function Failures({ earlier, later }: { readonly earlier: RunReport; readonly later: RunReport }) {
  const keyOf = ({ stage, name }: RunReport['failures'][number]): string => `${stage} ${name}`;
  const without = (report: RunReport, other: RunReport) => {
    const known = new Set(other.failures.map(keyOf));
    return report.failures.filter((each) => !known.has(keyOf(each)));
  };
  const lists = [
    { label: words.onlyIn(words.earlier.toLowerCase()), failures: without(earlier, later) },
    { label: words.onlyIn(words.later.toLowerCase()), failures: without(later, earlier) },
  ].filter(({ failures }) => failures.length > 0);
  if (lists.length === 0) return earlier.failureCount > 0 ? <Text c="dimmed">{words.sameFailures}</Text> : null;
  return lists.map(({ label, failures }) => (
    <Card key={label} title={label}>
      <Stack gap="xs">
        {failures.map((failure) => (
          <div key={keyOf(failure)}>
            <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
              {failure.name}
            </Text>
            <Text size="sm" c="dimmed">
              {failure.message}
            </Text>
          </div>
        ))}
      </Stack>
    </Card>
  ));
}
