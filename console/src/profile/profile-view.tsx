import { Group, SegmentedControl, Skeleton, Stack } from '@mantine/core';
import { IconChartHistogram } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { AssetDetails } from '../../../src/server/console-api/catalogue/catalogue-types.ts';
import type { TableProfiles } from '../../../src/server/console-api/catalogue/profile-types.ts';
import { type ProfileSpanName, profileQuery } from '../catalogue/catalogue-queries.ts';
import { Card } from '../parts/card.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { FailureAlert } from '../parts/failure-alert.tsx';
import { profileTexts as texts } from '../texts/profile-texts.ts';
import { ColumnList } from './column-list.tsx';
import { ColumnView } from './column-view.tsx';
import { OperationTable } from './operation-table.tsx';
import { ProfileFacts } from './profile-facts.tsx';
import { TableHistory } from './table-history.tsx';
import { useProfileAddress } from './use-profile-address.ts';

interface ProfileViewProps {
  readonly pipelineId: string;
  readonly asset: AssetDetails;
}

/** What is known of a table's rows and columns, and how it came to it, whoever took the profiles. */
export default function ProfileView({ pipelineId, asset }: ProfileViewProps) {
  const { span, setSpan, column, setColumn } = useProfileAddress();
  const { data, error, isPending, refetch } = useQuery(profileQuery(pipelineId, asset.fqn, span));
  if (isPending) return <Skeleton height={480} radius="md" />;
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  if (!data.latest && data.columns.every(({ takenAt }) => takenAt === undefined)) {
    return (
      <Card>
        <EmptyState icon={IconChartHistogram} title={texts.empty} help={texts.emptyHelp} />
      </Card>
    );
  }
  const chosen = data.columns.find(({ fqn }) => fqn === column);
  return (
    <Stack component="section" aria-label={texts.label(asset.name)}>
      <Group justify="flex-end">
        <SegmentedControl
          aria-label={texts.spanLabel}
          value={span}
          onChange={(next) => setSpan(next as ProfileSpanName)}
          data={Object.entries(texts.spans).map(([value, label]) => ({ value, label }))}
        />
      </Group>
      {chosen ? (
        <ColumnView
          key={chosen.fqn}
          pipelineId={pipelineId}
          column={chosen}
          columns={data.columns}
          table={data}
          span={span}
          onChoose={setColumn}
        />
      ) : (
        <Whole profiles={data} onChoose={setColumn} />
      )}
    </Stack>
  );
}

function Whole(props: { readonly profiles: TableProfiles; readonly onChoose: (fqn: string) => void }) {
  const { latest, history, columns, operations } = props.profiles;
  return (
    <>
      {latest && <ProfileFacts latest={latest} />}
      <TableHistory history={history} />
      <ColumnList columns={columns} tableTakenAt={latest?.takenAt} onChoose={props.onChoose} />
      {operations.length > 0 && <OperationTable operations={operations} />}
    </>
  );
}
