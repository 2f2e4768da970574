import { Alert, Center, Chip, Group, Pagination, Select, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChecks, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { changesQuery } from '../../api/runs.ts';
import { formatCount } from '../../format/numbers.ts';
import { Card } from '../../parts/card.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { entityTypeName } from '../../texts/entity-types.ts';
import { planTexts } from '../../texts/pipelines.ts';
import { ChangeList } from './change-list.tsx';

const pageSize = 50;
const actions = Object.keys(planTexts.actions) as (keyof typeof planTexts.actions)[];

interface PlanChangesProps {
  readonly runId: string;
  /** False while the plan is still being made. */
  readonly whole: boolean;
}

/** The changes of a plan: filtered by what happens and to what, searched, by pages. */
export function PlanChanges({ runId, whole }: PlanChangesProps) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 250);
  const [action, setAction] = useState('changes');
  const [entityType, setEntityType] = useState('');
  const [page, setPage] = useState(1);
  const filter = { search, action, entityType, skip: (page - 1) * pageSize };
  const { data, error, isPending, refetch } = useQuery(changesQuery(runId, filter, whole));
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton height={240} />;
  const filtered = search !== '' || (action !== '' && action !== 'changes') || entityType !== '';
  const all = Object.values(data.actions).reduce((sum, count) => sum + count, 0);
  const changing = all - (data.actions['unchanged'] ?? 0);
  const fromStart =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value);
      setPage(1);
    };
  return (
    <Stack>
      {!whole && (
        <Alert color="meridian" role="status">
          {planTexts.running}
        </Alert>
      )}
      <Group gap="sm" align="flex-end">
        <TextInput
          aria-label={planTexts.search}
          placeholder={planTexts.search}
          leftSection={<IconSearch size={16} />}
          value={typed}
          onChange={(event) => fromStart(setTyped)(event.currentTarget.value)}
          w={{ base: '100%', sm: 360 }}
        />
        <Select
          aria-label={planTexts.entityType}
          placeholder={planTexts.entityType}
          clearable
          clearButtonProps={{ 'aria-label': planTexts.all }}
          value={entityType || null}
          onChange={(value) => fromStart(setEntityType)(value ?? '')}
          data={Object.entries(data.entityTypes).map(([value, count]) => ({
            value,
            label: `${entityTypeName(value, true)} (${formatCount(count)})`,
          }))}
          w={{ base: '100%', xs: 240 }}
        />
      </Group>
      <Chip.Group value={action} onChange={fromStart(setAction)}>
        <Group gap="xs" role="group" aria-label={planTexts.action}>
          <Chip value="changes" size="sm" variant="outline">
            {planTexts.changes} <Count count={changing} />
          </Chip>
          {actions
            .filter((each) => data.actions[each] || each === action)
            .map((each) => (
              <Chip key={each} value={each} size="sm" variant="outline">
                {planTexts.actions[each]} <Count count={data.actions[each] ?? 0} />
              </Chip>
            ))}
          <Chip value="" size="sm" variant="outline">
            {planTexts.all} <Count count={all} />
          </Chip>
        </Group>
      </Chip.Group>
      {data.changes.length > 0 ? (
        <ChangeList changes={data.changes} />
      ) : (
        <Card>
          {filtered ? (
            <EmptyState icon={IconSearch} title={planTexts.noneFound} help={planTexts.noneFoundHelp} />
          ) : (
            whole && <EmptyState icon={IconChecks} title={planTexts.nothing} help={planTexts.nothingHelp} />
          )}
        </Card>
      )}
      {data.total > pageSize && (
        <Center>
          <Pagination
            total={Math.ceil(data.total / pageSize)}
            value={page}
            onChange={setPage}
            getControlProps={(control) => ({ 'aria-label': planTexts.controls[control] })}
          />
        </Center>
      )}
    </Stack>
  );
}

function Count({ count }: { readonly count: number }) {
  return (
    <Text span inherit c="dimmed" className="numbers">
      {formatCount(count)}
    </Text>
  );
}
