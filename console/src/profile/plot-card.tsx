import { Button, Table } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { dateTime } from '../catalogue/date-time.ts';
import { Card } from '../parts/card.tsx';
import { WideTable } from '../parts/wide-table.tsx';
import { profileTexts as texts } from '../texts/profile-texts.ts';
import type { PlotLine } from './line-plot.tsx';
import classes from './profile.module.css';

// The library of plots comes with the first one.
const LinePlot = lazy(() => import('./line-plot.tsx'));

interface PlotCardProps {
  readonly title: string;
  /** Epoch milliseconds, oldest first; at least one. */
  readonly times: readonly number[];
  readonly lines: readonly PlotLine[];
  readonly range?: readonly [number, number];
}

/** Values over time as a plot, and the same as a table. */
export function PlotCard({ title, times, lines, range }: PlotCardProps) {
  const [from, to] = [times[0]!, times.at(-1)!].map((time) => dateTime(new Date(time).toISOString()));
  return (
    <Card title={title}>
      <Suspense fallback={<div className={classes.plot} />}>
        <LinePlot
          times={times}
          lines={lines}
          label={texts.plot(title, times.length, from!, to!)}
          {...(range && { range })}
        />
      </Suspense>
      <AsTable>
        <NumberTable title={title} times={times} lines={lines} />
      </AsTable>
    </Card>
  );
}

/** What a plot shows, in words, behind a line that opens it. */
export function AsTable({ children }: { readonly children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <details className={classes.details} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{texts.numbers}</summary>
      {open && children}
    </details>
  );
}

const rowsAtOnce = 50;

function NumberTable({ title, times, lines }: Omit<PlotCardProps, 'range'>) {
  const [shown, setShown] = useState(rowsAtOnce);
  const places = times.map((_, place) => place).toReversed();
  const rest = places.length - shown;
  return (
    <>
      <WideTable minWidth={180 + lines.length * 100} label={title}>
        <Table className="numbers">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{texts.when}</Table.Th>
              {lines.map(({ name }) => (
                <Table.Th key={name} scope="col" ta="right">
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {places.slice(0, shown).map((place) => (
              <Table.Tr key={times[place]}>
                <Table.Th scope="row" fw={400}>
                  {dateTime(new Date(times[place]!).toISOString())}
                </Table.Th>
                {lines.map(({ name, values, format }) => (
                  <Table.Td key={name} ta="right">
                    {values[place] === undefined ? '–' : format(values[place])}
                  </Table.Td>
                ))}
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
    </>
  );
}
