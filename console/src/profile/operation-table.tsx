import { Button, Table } from '@mantine/core';
import { useState } from 'react';
import type { RowsOperation } from '../../../src/server/console-api/catalogue/profile-types.ts';
import { dateTime } from '../catalogue/date-time.ts';
import { formatCount } from '../format/numbers.ts';
import { Card } from '../parts/card.tsx';
import { WideTable } from '../parts/wide-table.tsx';
import { profileTexts as texts } from '../texts/profile-texts.ts';

const rowsAtOnce = 20;

/** Inserts, updates and deletes that the source remembers, newest first. */
export function OperationTable({ operations }: { readonly operations: readonly RowsOperation[] }) {
  const [shown, setShown] = useState(rowsAtOnce);
  const rest = operations.length - shown;
  return (
    <Card title={texts.operations}>
      <WideTable minWidth={320} label={texts.operations}>
        <Table className="numbers">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{texts.when}</Table.Th>
              <Table.Th scope="col">{texts.operation}</Table.Th>
              <Table.Th scope="col" ta="right">
                {texts.rowsAffected}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {operations
              .toReversed()
              .slice(0, shown)
              .map(({ at, operation, rows }) => (
                <Table.Tr key={`${at} ${operation}`}>
                  <Table.Th scope="row" fw={400}>
                    {dateTime(new Date(at).toISOString())}
                  </Table.Th>
                  <Table.Td>{texts.operationWords[operation] ?? operation}</Table.Td>
                  <Table.Td ta="right">{formatCount(rows)}</Table.Td>
                </Table.Tr>
              ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      {rest > 0 && (
        <Button variant="default" size="xs" mt="xs" onClick={() => setShown(shown + rowsAtOnce)}>
          {texts.older(Math.min(rest, rowsAtOnce))}
        </Button>
      )}
    </Card>
  );
}
