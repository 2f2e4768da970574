import { SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { TableMoment } from '../../../src/server/console-api/catalogue/profile-types.ts';
import { formatBytes, formatCount, formatNumber } from '../format/numbers.ts';
import { formatTime } from '../format/times.ts';
import { Card } from '../parts/card.tsx';
import { Moment } from '../parts/moment.tsx';
import { profileTexts as texts } from '../texts/profile-texts.ts';
import classes from './profile.module.css';

/** When the newest profile was taken, of which rows, and what it says of the table. */
export function ProfileFacts({ latest }: { readonly latest: TableMoment }) {
  const { takenAt, rowCount, columnCount, sizeInByte, createDateTime, sample, customMetrics } = latest;
  return (
    <Card title={texts.facts.label}>
      <SimpleGrid component="dl" cols={{ base: 2, sm: 3, lg: 6 }} className={classes.facts!}>
        <Fact name={texts.facts.taken}>
          <Moment time={new Date(takenAt).toISOString()} />
        </Fact>
        <Fact name={texts.facts.sample}>{sample ? texts.sample(sample) : texts.allRows}</Fact>
        {rowCount !== undefined && <Fact name={texts.facts.rows}>{formatCount(rowCount)}</Fact>}
        {columnCount !== undefined && <Fact name={texts.facts.columns}>{formatCount(columnCount)}</Fact>}
        {sizeInByte !== undefined && <Fact name={texts.facts.size}>{formatBytes(sizeInByte)}</Fact>}
        {createDateTime !== undefined && <Fact name={texts.facts.created}>{formatTime(createDateTime)}</Fact>}
        {customMetrics.map(({ name, value }) => (
          <Fact key={name} name={name}>
            {formatNumber(value)}
          </Fact>
        ))}
      </SimpleGrid>
      {sample && (
        <Text size="sm" c="dimmed" mt="md">
          {texts.estimate(texts.sample(sample))}
        </Text>
      )}
    </Card>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
