import { Group, SegmentedControl, Select, Skeleton, Text } from '@mantine/core';
import { IconTopologyStar3 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { AssetDetails, LineageGraph } from '../../../src/server/console-api/catalogue/catalogue-types.ts';
import { lineageQuery } from '../catalogue/catalogue-queries.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { FailureAlert } from '../parts/failure-alert.tsx';
import { lineageTexts as texts } from '../texts/lineage-texts.ts';
import type { Level } from './flow-elements.ts';
import classes from './lineage.module.css';
import { shownLineage } from './lineage-graph.ts';
import { LineageList } from './lineage-list.tsx';
import { LineagePicture } from './lineage-picture.tsx';
import { useLineage } from './use-lineage.ts';

interface LineageViewProps {
  readonly pipelineId: string;
  readonly asset: AssetDetails;
}

const stepsOf = (side: string) => ['1', '2', '3'].map((value) => ({ value, label: texts.steps(side, Number(value)) }));

const usualReach = 2;

/** How far the picture goes stands in the address: a link shows what its sender saw. */
function useReach() {
  const [query, setQuery] = useSearchParams();
  const stepsIn = (key: string): number => {
    const given = Number(query.get(key) ?? usualReach);
    return [1, 2, 3].includes(given) ? given : usualReach;
  };
  const reach = { upstream: stepsIn('up'), downstream: stepsIn('down') };
  const setReach = ({ upstream, downstream }: typeof reach): void =>
    setQuery(
      (now) => {
        now.set('up', String(upstream));
        now.set('down', String(downstream));
        return now;
      },
      { replace: true },
    );
  return [reach, setReach] as const;
}

/** What an asset is made of and what is made of it: as a picture, or as a list that says the same in words. */
export default function LineageView({ pipelineId, asset }: LineageViewProps) {
  const [reach, setReach] = useReach();
  const [view, setView] = useState<'picture' | 'list'>('picture');
  const [level, setLevel] = useState<Level>('tables');
  const { data, error, isPending, refetch } = useQuery(lineageQuery(pipelineId, asset, reach));
  return (
    <section aria-label={texts.pictureLabel(asset.name)}>
      <Group gap="sm" mb="sm" align="flex-end">
        <SegmentedControl
          aria-label={texts.view}
          value={view}
          onChange={(next) => setView(next as typeof view)}
          data={[
            { value: 'picture', label: texts.picture },
            { value: 'list', label: texts.list },
          ]}
        />
        {view === 'picture' && (
          <SegmentedControl
            aria-label={texts.level}
            value={level}
            onChange={(next) => setLevel(next as Level)}
            data={[
              { value: 'tables', label: texts.tables },
              { value: 'columns', label: texts.columns },
            ]}
          />
        )}
        <Steps
          label={texts.upstream}
          value={reach.upstream}
          onChange={(upstream) => setReach({ ...reach, upstream })}
        />
        <Steps
          label={texts.downstream}
          value={reach.downstream}
          onChange={(downstream) => setReach({ ...reach, downstream })}
        />
      </Group>
      {isPending && <Skeleton height={480} radius="md" />}
      {error && <FailureAlert error={error} onRetry={() => void refetch()} />}
      {data && data.nodes.length <= 1 && (
        <EmptyState icon={IconTopologyStar3} title={texts.none} help={texts.noneHelp} />
      )}
      {data && data.nodes.length > 1 && (
        // What a click added belongs to the answer that it was added to.
        <Loaded key={`${reach.upstream} ${reach.downstream}`} {...{ pipelineId, data, view, level }} />
      )}
    </section>
  );
}

interface LoadedProps {
  readonly pipelineId: string;
  readonly data: LineageGraph;
  readonly view: 'picture' | 'list';
  readonly level: Level;
}

function Loaded({ pipelineId, data, view, level }: LoadedProps) {
  const lineage = useLineage(pipelineId, data);
  const shown = shownLineage(lineage.state);
  return (
    <>
      <Text size="sm" c="dimmed" mb={6} role="status" className="numbers">
        {texts.shown(shown.nodes.length, shown.links.length)}
      </Text>
      {lineage.error !== undefined && (
        <div className={classes.failure}>
          <FailureAlert error={lineage.error} />
        </div>
      )}
      {view === 'picture' ? (
        <LineagePicture pipelineId={pipelineId} lineage={lineage} level={level} />
      ) : (
        <LineageList pipelineId={pipelineId} shown={shown} root={data.root} />
      )}
    </>
  );
}

interface StepsProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (steps: number) => void;
}

function Steps({ label, value, onChange }: StepsProps) {
  return (
    <Select
      aria-label={label}
      w={173}
      data={stepsOf(label)}
      value={String(value)}
      allowDeselect={false}
      onChange={(next) => onChange(Number(next))}
    />
  );
}
