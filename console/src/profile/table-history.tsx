import { Text } from '@mantine/core';
import { useMemo } from 'react';
import type { TableMoment } from '../../../src/server/console-api/catalogue/profile-types.ts';
import { formatBytes, formatCount, formatShort } from '../format/numbers.ts';
import { Card } from '../parts/card.tsx';
import { profileTexts as texts } from '../texts/profile-texts.ts';
import type { PlotLine } from './line-plot.tsx';
import { PlotCard } from './plot-card.tsx';

/** Rows and size of a table at each of its profiles. */
export function TableHistory({ history }: { readonly history: readonly TableMoment[] }) {
  const { times, lines } = useMemo(() => toLines(history), [history]);
  if (times.length === 0) {
    return (
      <Card title={texts.history}>
        <Text c="dimmed">{texts.nothingInSpan}</Text>
      </Card>
    );
  }
  return <PlotCard title={texts.history} times={times} lines={lines} />;
}

/** Moments that tell neither are left out: some profiles are of columns alone. */
function toLines(history: readonly TableMoment[]): { times: readonly number[]; lines: readonly PlotLine[] } {
  const told = history.filter(({ rowCount, sizeInByte }) => rowCount !== undefined || sizeInByte !== undefined);
  const rows: PlotLine = {
    name: texts.rows,
    values: told.map(({ rowCount }) => rowCount),
    color: 'busy',
    axis: 'left',
    format: formatCount,
    formatShort,
  };
  const size: PlotLine = {
    name: texts.size,
    values: told.map(({ sizeInByte }) => sizeInByte),
    color: 'warn',
    axis: 'right',
    format: formatBytes,
  };
  const lines = [rows, size].filter(({ values }) => values.some((value) => value !== undefined));
  return { times: told.map(({ takenAt }) => takenAt), lines };
}
