import { Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { Bar, ColumnMoment, ColumnSummary } from '../../../src/server/console-api/catalogue/profile-types.ts';
import { formatNumber, formatShare } from '../format/numbers.ts';
import { Card } from '../parts/card.tsx';
import { WideTable } from '../parts/wide-table.tsx';
import { profileTexts } from '../texts/profile-texts.ts';
import { AsTable } from './plot-card.tsx';
import classes from './profile.module.css';
import { SpreadPlot } from './spread-plot.tsx';

interface DistributionCardProps {
  readonly column: ColumnSummary;
  readonly moment: ColumnMoment;
}

const texts = profileTexts.column;
const textTypes = new Set(['STRING', 'VARCHAR', 'CHAR', 'TEXT', 'MEDIUMTEXT', 'LONGTEXT', 'NTEXT', 'CLOB']);

/** How a column's values lie: bars over ranges of them, where the middle half is, and the most frequent ones. */
export function DistributionCard({ column, moment }: DistributionCardProps) {
  const { histogram, categories } = moment;
  return (
    <Card title={texts.distribution}>
      {histogram && (
        <>
          {textTypes.has(column.dataType) && (
            <Text size="xs" c="dimmed" mb={6}>
              {texts.lengths}
            </Text>
          )}
          <Histogram bars={histogram} />
          <SpreadPlot moment={moment} />
          <AsTable>
            <BarTable bars={histogram} name={texts.range} />
          </AsTable>
        </>
      )}
      {categories && (
        <>
          <Text size="sm" fw={600} mt={histogram ? 'md' : 0} mb={6}>
            {texts.categories}
          </Text>
          <BarTable bars={categories} name={texts.category} />
        </>
      )}
      {!histogram && <SpreadPlot moment={moment} />}
      {!histogram && !categories && <Text c="dimmed">{texts.noDistribution}</Text>}
    </Card>
  );
}

const plotHeight = 180;

/** Bars in the order of the ranges. The one that is pointed at says what it is. */
function Histogram({ bars }: { readonly bars: readonly Bar[] }) {
  const [at, setAt] = useState<number>();
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const shown = at === undefined ? undefined : bars[at];
  const gap = bars.length > 60 ? 0 : 0.12;
  return (
    <>
      <Text size="xs" className="numbers" mb={4} aria-hidden>
        {shown ? texts.bar(shown.label, formatNumber(shown.count)) : `${texts.count}, 0 – ${formatNumber(most)}`}
      </Text>
      <svg
        viewBox={`0 0 ${bars.length} ${plotHeight}`}
        preserveAspectRatio="none"
        className={classes.histogram}
        role="img"
        aria-label={texts.bars(bars.length)}
        onPointerLeave={() => setAt(undefined)}
      >
        {[0, 0.5, 1].map((line) => (
          <line
            key={line}
            x1="0"
            x2={bars.length}
            y1={plotHeight * line}
            y2={plotHeight * line}
            className={classes.gridLine}
            vectorEffect="non-scaling-stroke"
          />
        ))}
        {bars.map(({ label, count }, place) => {
          // What is there at all can be seen.
          const tall = count === 0 ? 0 : Math.max(2, (count / most) * plotHeight);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: ranges stay in their order, and two may be called the same
            <g key={`${place} ${label}`} onPointerEnter={() => setAt(place)}>
              <rect x={place} y="0" width="1" height={plotHeight} fill="transparent" />
              <rect
                x={place + gap / 2}
                y={plotHeight - tall}
                width={1 - gap}
                height={tall}
                className={place === at ? classes.barNow : classes.bar}
              />
            </g>
          );
        })}
      </svg>
      <div className={classes.ends} aria-hidden="true">
        <span>{bars[0]!.label}</span>
        {bars.length > 2 && <span>{bars.at(-1)!.label}</span>}
      </div>
    </>
  );
}

function BarTable({ bars, name }: { readonly bars: readonly Bar[]; readonly name: string }) {
  const total = bars.reduce((sum, { count }) => sum + count, 0);
  return (
    <WideTable minWidth={280} label={name}>
      <Table className="numbers">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{name}</Table.Th>
            <Table.Th scope="col" ta="right">
              {texts.count}
            </Table.Th>
            <Table.Th scope="col" ta="right">
              {texts.share}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {bars.map(({ label, count }, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: ranges stay in their order, and two may be called the same
            <Table.Tr key={`${place} ${label}`}>
              <Table.Th scope="row" fw={400} className={classes.name!}>
                {label}
              </Table.Th>
              <Table.Td ta="right">{formatNumber(count)}</Table.Td>
              <Table.Td ta="right">{total > 0 ? formatShare(count / total) : '–'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
