import { Table, Text } from '@mantine/core';
import {
  type ColumnMetric,
  type ColumnMoment,
  type ColumnSummary,
  columnMetrics,
} from '../../../src/server/console-api/catalogue/profile-types.ts';
import { formatNumber, formatShare } from '../format/numbers.ts';
import { Card } from '../parts/card.tsx';
import { profileTexts as texts } from '../texts/profile-texts.ts';
import { boundWords } from './bound-words.ts';

interface MetricTableProps {
  readonly column: ColumnSummary;
  readonly moment: ColumnMoment;
  /** Not all rows were looked at. */
  readonly isEstimate: boolean;
}

const shares = {
  nullCount: 'nullProportion',
  distinctCount: 'distinctProportion',
  uniqueCount: 'uniqueProportion',
} as const;

/** Every number of a column's profile, for reading. */
export function MetricTable({ column, moment, isEstimate }: MetricTableProps) {
  const { min, max, customMetrics } = moment;
  const rows: (readonly [string, string])[] = [];
  for (const metric of columnMetrics) {
    // Least and greatest stand before where the values lie.
    if (metric === 'mean') {
      if (min !== undefined) rows.push([texts.min, boundWords(min, column)]);
      if (max !== undefined) rows.push([texts.max, boundWords(max, column)]);
    }
    const words = wordsOf(metric, moment);
    if (words !== undefined) rows.push([texts.metrics[metric], words]);
  }
  return (
    <Card title={texts.column.metrics}>
      <Table className="numbers">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{texts.column.metric}</Table.Th>
            <Table.Th scope="col" ta="right">
              {texts.column.value}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([name, words]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                {name}
              </Table.Th>
              <Table.Td ta="right" style={{ overflowWrap: 'anywhere' }}>
                {isEstimate && '≈ '}
                {words}
              </Table.Td>
            </Table.Tr>
          ))}
          {customMetrics.map(({ name, value }) => (
            <Table.Tr key={`custom ${name}`}>
              <Table.Th scope="row" fw={400}>
                {name}
              </Table.Th>
              <Table.Td ta="right">{formatNumber(value)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {moment.distinctCount !== undefined && (
        <Text size="xs" c="dimmed" mt="sm">
          {texts.exactness}
        </Text>
      )}
    </Card>
  );
}

function wordsOf(metric: ColumnMetric, moment: ColumnMoment): string | undefined {
  const value = moment[metric];
  if (value === undefined) return undefined;
  if (metric === 'minLength' || metric === 'maxLength') return texts.characters(formatNumber(value));
  const share = metric in shares ? moment[shares[metric as keyof typeof shares]] : undefined;
  return share === undefined ? formatNumber(value) : `${formatNumber(value)} (${formatShare(share)})`;
}
