import { Alert, Badge, List, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { IconFileOff, IconShieldExclamation } from '@tabler/icons-react';
import type { RunReport } from '../../../../src/server/console-api/console-types.ts';
import { formatCount, formatPercent } from '../../format/numbers.ts';
import { formatDuration } from '../../format/times.ts';
import { Card } from '../../parts/card.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { WideTable } from '../../parts/wide-table.tsx';
import { entityTypeName } from '../../texts/entity-types.ts';
import { runTexts } from '../../texts/runs.ts';
import { Figure } from './run-live.tsx';

const words = runTexts.summary;

/** Columns of the table of stages; those that are nought everywhere are left out. */
const counts = [
  'read',
  'created',
  'updated',
  'restored',
  'unchanged',
  'kept',
  'deleted',
  'gone',
  'skipped',
  'filtered',
  'failed',
] as const;

/** What a run came to: the figures, each kind of entity, and what did not go well. */
export function RunSummary({ report }: { readonly report: RunReport | null }) {
  if (!report) {
    return (
      <Card>
        <EmptyState icon={IconFileOff} title={words.none} help={words.noneHelp} />
      </Card>
    );
  }
  const { source, target, failures, failureCount, guards, warnings, skipped, partial } = report;
  return (
    <Stack>
      {guards.map(({ message, guard, entityType }) => (
        <Alert key={`${guard} ${entityType}`} color="orange" icon={<IconShieldExclamation />} title={words.guards}>
          <Text size="sm">{message}</Text>
          <Text size="sm" mt={4}>
            {words.guardHelp}
          </Text>
        </Alert>
      ))}
      <Card>
        <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }}>
          <Figure label={words.wentWell} value={formatPercent(report.successPercent)} />
          <Figure label={words.writes} value={formatCount(target.writes)} />
          <Figure label={runTexts.duration} value={formatDuration(report.seconds)} />
          {report.command === 'profile' ? (
            <Figure label={words.profiled} value={formatCount(report.stages.tableProfile?.created ?? 0)} />
          ) : (
            <Figure label={words.reading} value={words.readings[report.reading]} />
          )}
          <Server label={words.source} name={`${source.type} ${source.version ?? ''}`} {...source} />
          <Server label={words.target} name={`OpenMetadata ${target.version ?? ''}`} {...target} />
        </SimpleGrid>
      </Card>
      <Stages stages={report.stages} />
      {failures.length > 0 && (
        <Card title={words.failures}>
          <WideTable minWidth={560} label={words.failures}>
            <Table>
              <Table.Tbody>
                {failures.map(({ stage, name, code, message }) => (
                  <Table.Tr key={`${stage} ${name} ${code} ${message}`}>
                    <Table.Td>
                      <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
                        {name}
                      </Text>
                      <Text size="xs" c="dimmed">
                        {entityTypeName(stage)} · {code}
                      </Text>
                    </Table.Td>
                    <Table.Td style={{ overflowWrap: 'anywhere' }}>{message}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </WideTable>
          {failureCount > failures.length && (
            <Text size="sm" c="dimmed" mt="sm">
              {words.moreFailures(failures.length, formatCount(failureCount))}
            </Text>
          )}
        </Card>
      )}
      {skipped.length > 0 && (
        <Card title={words.skipped}>
          <Stack gap="sm">
            {skipped.map(({ reason, message, count, samples }) => (
              <div key={`${reason} ${message}`}>
                <Text size="sm" fw={600} component="div">
                  <Badge variant="light" color="gray" mr="xs" className="numbers">
                    {formatCount(count)}
                  </Badge>
                  {message}
                </Text>
                <Text size="xs" c="dimmed" mt={2} style={{ overflowWrap: 'anywhere' }}>
                  {samples.join(', ')}
                </Text>
              </div>
            ))}
          </Stack>
        </Card>
      )}
      {(warnings.length > 0 || partial.length > 0) && (
        <Card title={words.warnings}>
          <List size="sm" spacing={6}>
            {partial.length > 0 && (
              <List.Item>
                {words.partial}: {partial.join(', ')}
              </List.Item>
            )}
            {warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </Card>
      )}
    </Stack>
  );
}

interface ServerProps {
  readonly label: string;
  readonly name: string;
  readonly host: string;
  readonly requests: number;
}

function Server({ label, name, host, requests }: ServerProps) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
        {name}
      </Text>
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {host} · {words.requests(formatCount(requests))}
      </Text>
    </div>
  );
}

function Stages({ stages }: Pick<RunReport, 'stages'>) {
  const rows = Object.entries(stages);
  const columns = counts.filter((count) => rows.some(([, stage]) => stage[count] > 0));
  if (rows.length === 0) return null;
  return (
    <Card p={0}>
      <WideTable minWidth={200 + 90 * columns.length} label={words.byKind}>
        <Table horizontalSpacing="lg" verticalSpacing="xs" className="numbers">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.entity}</Table.Th>
              {columns.map((count) => (
                <Table.Th key={count} ta="right">
                  {runTexts.counts[count]}
                </Table.Th>
              ))}
              <Table.Th ta="right">{runTexts.duration}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(([type, stage]) => (
              <Table.Tr key={type}>
                <Table.Td fw={600}>{entityTypeName(type, true)}</Table.Td>
                {columns.map((count) => (
                  <Table.Td key={count} ta="right">
                    <Text
                      size="sm"
                      component="span"
                      c={stage[count] === 0 ? 'dimmed' : count === 'failed' ? 'var(--console-bad)' : undefined}
                    >
                      {stage[count] === 0 ? '–' : formatCount(stage[count])}
                    </Text>
                  </Table.Td>
                ))}
                <Table.Td ta="right">{formatDuration(stage.seconds)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Card>
  );
}
