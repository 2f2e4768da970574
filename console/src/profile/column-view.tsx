import { Button, Group, Select, SimpleGrid, Skeleton, Text, Title } from '@mantine/core';
import { IconArrowLeft, IconChartHistogram } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type {
  ColumnMoment,
  ColumnSummary,
  TableProfiles,
} from '../../../src/server/console-api/catalogue/profile-types.ts';
import { columnProfileQuery, type ProfileSpanName } from '../catalogue/catalogue-queries.ts';
import { dateTime } from '../catalogue/date-time.ts';
import { Card } from '../parts/card.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { FailureAlert } from '../parts/failure-alert.tsx';
import { profileTexts } from '../texts/profile-texts.ts';
import { DistributionCard } from './distribution-card.tsx';
import { MetricTable } from './metric-table.tsx';
import { PlotCard } from './plot-card.tsx';
import classes from './profile.module.css';
import { proportionLines, valueLines } from './profile-lines.ts';

interface ColumnViewProps {
  readonly pipelineId: string;
  readonly column: ColumnSummary;
  readonly columns: readonly ColumnSummary[];
  readonly table: TableProfiles;
  readonly span: ProfileSpanName;
  readonly onChoose: (fqn: string | undefined) => void;
}

const texts = profileTexts.column;
/** More than fit on a screen are found by typing. */
const choicesAtOnce = 50;

/** All that is known of one column: its shares and values over time, and one profile with its distribution. */
export function ColumnView({ pipelineId, column, columns, table, span, onChoose }: ColumnViewProps) {
  const { data, error, isPending, refetch } = useQuery(columnProfileQuery(pipelineId, column.fqn, span));
  return (
    <>
      <Group justify="space-between" align="flex-end" gap="sm">
        <div className={classes.head}>
          <Title order={2} size="h4" className={classes.name!}>
            {column.name}
          </Title>
          <Text size="sm" c="dimmed" className={classes.name!}>
            {column.type}
          </Text>
        </div>
        <Group gap="sm" align="flex-end">
          {columns.length > 1 && (
            <Select
              aria-label={profileTexts.columns.choose}
              data={columns.map(({ fqn, name }) => ({ value: fqn, label: name }))}
              value={column.fqn}
              searchable
              limit={choicesAtOnce}
              allowDeselect={false}
              onChange={(fqn) => fqn !== null && onChoose(fqn)}
            />
          )}
          <Button
            variant="default"
            leftSection={<IconArrowLeft size={16} aria-hidden />}
            onClick={() => onChoose(undefined)}
          >
            {profileTexts.columns.all}
          </Button>
        </Group>
      </Group>
      {isPending && <Skeleton height={360} radius="md" />}
      {error && <FailureAlert error={error} onRetry={() => void refetch()} />}
      {data && <Profiles column={column} history={data.history} table={table} />}
    </>
  );
}

interface ProfilesProps {
  readonly column: ColumnSummary;
  readonly history: readonly ColumnMoment[];
  readonly table: TableProfiles;
}

function Profiles({ column, history, table }: ProfilesProps) {
  const times = useMemo(() => history.map(({ takenAt }) => takenAt), [history]);
  const proportions = useMemo(() => proportionLines(history), [history]);
  const values = useMemo(() => valueLines(history), [history]);
  if (history.length === 0) {
    return (
      <Card>
        <EmptyState icon={IconChartHistogram} title={texts.none} help={texts.noneHelp} />
      </Card>
    );
  }
  return (
    <>
      {proportions.length > 0 && (
        <PlotCard title={texts.overTime} times={times} lines={proportions} range={wholeShare} />
      )}
      <OneMoment column={column} history={history} table={table} />
      {values.length > 0 && history.length > 1 && (
        <PlotCard title={texts.valuesOverTime} times={times} lines={values} />
      )}
    </>
  );
}

const wholeShare = [0, 1] as const;

/** One profile, the newest unless another is chosen. */
function OneMoment({ column, history, table }: ProfilesProps) {
  const [chosen, setChosen] = useState<string>();
  const newestFirst = history.toReversed();
  const moment = newestFirst.find(({ takenAt }) => String(takenAt) === chosen) ?? newestFirst[0]!;
  const sample = [...table.history, ...(table.latest ? [table.latest] : [])].find(
    ({ takenAt }) => takenAt === moment.takenAt,
  )?.sample;
  return (
    <>
      {newestFirst.length > 1 && (
        <Select
          label={texts.takenAt}
          data={newestFirst.map(({ takenAt }) => ({
            value: String(takenAt),
            label: dateTime(new Date(takenAt).toISOString()),
          }))}
          value={String(moment.takenAt)}
          searchable
          limit={choicesAtOnce}
          allowDeselect={false}
          onChange={(next) => next !== null && setChosen(next)}
          maw={240}
        />
      )}
      {sample && (
        <Text size="sm" c="dimmed">
          {profileTexts.estimate(profileTexts.sample(sample))}
        </Text>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} className={classes.pair!}>
        <DistributionCard column={column} moment={moment} />
        <MetricTable column={column} moment={moment} isEstimate={sample !== undefined} />
      </SimpleGrid>
    </>
  );
}
