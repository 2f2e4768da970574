import { Alert, Group, Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { RunRecord } from '../../../../src/server/console-api/console-types.ts';
import type { RunProgress } from '../../api/run-stream.ts';
import { formatCount, formatRate } from '../../format/numbers.ts';
import { formatDuration, formatRelative } from '../../format/times.ts';
import { Card } from '../../parts/card.tsx';
import { entityTypeName } from '../../texts/entity-types.ts';
import { runTexts } from '../../texts/runs.ts';
import classes from './run-live.module.css';

const words = runTexts.live;
const stages = ['connecting', 'reading', 'writing', 'lineage', 'finishing'] as const;

interface RunLiveProps {
  readonly run: RunRecord;
  readonly progress: RunProgress | undefined;
  /** Entities a second. */
  readonly rate: number | undefined;
  readonly lost: boolean;
}

/** How a run goes: its stage, how far it is, how fast, and how long it will take. */
export function RunLive({ run, progress, rate, lost }: RunLiveProps) {
  const elapsed = useElapsed(run.startedAt);
  if (run.state === 'queued') {
    return (
      <Card title={runTexts.states.queued}>
        <Text>{run.notBefore ? words.waitsFor(formatRelative(run.notBefore)) : words.waiting}</Text>
      </Card>
    );
  }
  const { stage = 'connecting', entityType, done = 0, total } = progress ?? {};
  const left =
    total !== undefined && total > done && rate !== undefined && rate > 0 ? (total - done) / rate : undefined;
  const share = total ? Math.min(100, (100 * done) / total) : undefined;
  const step = stages.indexOf(stage);
  return (
    <Card
      title={words.heading}
      actions={
        <Text size="sm" c="dimmed" className="numbers">
          {formatDuration(elapsed)}
        </Text>
      }
    >
      <Stack gap="lg">
        <ol className={classes.stages}>
          {stages.map((each, index) => (
            <li
              key={each}
              data-done={index < step || undefined}
              data-now={index === step || undefined}
              aria-current={index === step ? 'step' : undefined}
            >
              {words.stages[each]}
            </li>
          ))}
        </ol>
        <div>
          <Group justify="space-between" mb={6}>
            <Text size="sm" fw={600}>
              {entityType ? entityTypeName(entityType, true) : words.stages[stage]}
            </Text>
            <Text size="sm" c="dimmed" className="numbers">
              {formatCount(done)} {total === undefined ? words.handled : words.of(formatCount(total))}
            </Text>
          </Group>
          <Progress
            value={share ?? 100}
            animated={share === undefined}
            striped={share === undefined}
            aria-label={words.progress}
            size="lg"
          />
        </div>
        <SimpleGrid cols={{ base: 2, xs: 3, md: 6 }}>
          <Figure label={runTexts.counts.created} value={formatCount(progress?.created ?? 0)} />
          <Figure label={runTexts.counts.updated} value={formatCount(progress?.updated ?? 0)} />
          <Figure label={runTexts.counts.unchanged} value={formatCount(progress?.unchanged ?? 0)} />
          <Figure
            label={runTexts.counts.failed}
            value={formatCount(progress?.failed ?? 0)}
            color={progress?.failed ? 'var(--console-bad)' : undefined}
          />
          <Figure label={words.rate} value={rate === undefined ? words.leftUnknown : formatRate(rate)} />
          <Figure label={words.left} value={left === undefined ? words.leftUnknown : formatDuration(left)} />
        </SimpleGrid>
        {lost && (
          <Alert color="orange" icon={<IconPlugConnectedX />} role="status">
            {words.lost}
          </Alert>
        )}
      </Stack>
    </Card>
  );
}

interface FigureProps {
  readonly label: string;
  readonly value: string;
  readonly color?: string | undefined;
}

/** A number and what it counts. */
export function Figure({ label, value, color }: FigureProps) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text fw={650} size="lg" className="numbers" c={color}>
        {value}
      </Text>
    </div>
  );
}

/** Seconds since a time, each second anew. */
function useElapsed(since: string | undefined): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return since ? Math.max(0, (now - Date.parse(since)) / 1000) : 0;
}
