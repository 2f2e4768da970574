import { Badge, Button, Skeleton, Stack, Tabs } from '@mantine/core';
import {
  IconChartHistogram,
  IconCode,
  IconExternalLink,
  IconHistory,
  IconListDetails,
  IconTopologyStar3,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { useParams, useSearchParams } from 'react-router';
import type { AssetDetails, CatalogueKind } from '../../../../src/server/console-api/catalogue/catalogue-types.ts';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { kindWords, catalogueTexts as texts } from '../../texts/catalogue-texts.ts';
import { type AssetTab, assetPath, cataloguePath } from '../catalogue-paths.ts';
import { assetQuery } from '../catalogue-queries.ts';
import { KindIcon } from '../kind-icon.tsx';
import { AssetAbout } from './asset-about.tsx';
import classes from './asset-page.module.css';
import { ChildList } from './child-list.tsx';
import { DescriptionCard } from './description-card.tsx';
import { OriginTable } from './origin-table.tsx';
import { OriginsContext, originsByField } from './origins-context.ts';
import { PartTable } from './part-table.tsx';

// The picture's library is as large as the rest of the console: it comes when somebody looks at lineage.
const LineageView = lazy(() => import('../../lineage/lineage-view.tsx'));
const ProfileView = lazy(() => import('../../profile/profile-view.tsx'));

/** Everything that is known of an entity. */
export function Component() {
  const { pipelineId = '' } = useParams();
  const [query] = useSearchParams();
  const name = { kind: (query.get('kind') ?? 'table') as CatalogueKind, fqn: query.get('fqn') ?? '' };
  const { data, error, isPending, refetch } = useQuery(assetQuery(pipelineId, name));
  if (isPending) return <Waiting />;
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  return <AssetPage key={`${data.kind} ${data.fqn}`} pipelineId={pipelineId} asset={data} />;
}

const wideTabs: ReadonlySet<string> = new Set<AssetTab>(['lineage', 'profile']);

function AssetPage({ pipelineId, asset }: { readonly pipelineId: string; readonly asset: AssetDetails }) {
  const [query] = useSearchParams();
  const isWide = wideTabs.has(query.get('tab') ?? '');
  const origins = useMemo(() => originsByField(asset.origins), [asset.origins]);
  const above = [
    { label: texts.title, path: cataloguePath(pipelineId) },
    ...asset.path.map((link) => ({ label: link.name, path: assetPath(pipelineId, link) })),
  ];
  return (
    <OriginsContext value={origins}>
      <PageHeader
        title={asset.displayName ?? asset.name}
        above={above}
        badge={
          <>
            <Badge variant="light" leftSection={<KindIcon kind={asset.kind} type={asset.type} size={13} />} tt="none">
              {kindWords[asset.kind].one}
              {asset.type && asset.type !== 'Regular' && ` · ${asset.type}`}
            </Badge>
            {asset.deleted && <Badge color="red">{texts.asset.deleted}</Badge>}
          </>
        }
        actions={
          <Button
            component="a"
            href={asset.address}
            target="_blank"
            rel="noreferrer"
            variant="default"
            rightSection={<IconExternalLink size={16} aria-hidden />}
          >
            {texts.asset.open}
          </Button>
        }
      />
      <div className={classes.columns} data-wide={isWide}>
        <div className={classes.main}>
          <DescriptionCard description={asset.description} />
          <AssetTabs pipelineId={pipelineId} asset={asset} />
        </div>
        {!isWide && <AssetAbout asset={asset} />}
      </div>
    </OriginsContext>
  );
}

const withLineage = new Set<CatalogueKind>(['table', 'topic', 'container', 'pipeline', 'mlmodel']);

function AssetTabs({ pipelineId, asset }: { readonly pipelineId: string; readonly asset: AssetDetails }) {
  const [query, setQuery] = useSearchParams();
  const { partWord, viewDefinition } = asset;
  const hasLineage = withLineage.has(asset.kind);
  const hasProfile = asset.kind === 'table' && !asset.deleted;
  const first: AssetTab = partWord ? 'parts' : hasLineage ? 'lineage' : 'origins';
  const tab = (query.get('tab') as AssetTab | null) ?? first;
  const choose = (next: string | null): void =>
    setQuery(
      (now) => {
        now.set('tab', next ?? first);
        return now;
      },
      { replace: true },
    );
  if (!partWord && !hasLineage && asset.origins.length === 0) {
    return <ChildList pipelineId={pipelineId} parent={asset} />;
  }
  return (
    <>
      {!partWord && !hasLineage && <ChildList pipelineId={pipelineId} parent={asset} />}
      <Tabs value={tab} onChange={choose} keepMounted={false} mt="md">
        <Tabs.List mb="md" className={classes.tabs}>
          {partWord && (
            <Tabs.Tab value="parts" leftSection={<IconListDetails size={16} aria-hidden />}>
              {texts.asset[partWord]} <span className={classes.count}>{asset.parts.length}</span>
            </Tabs.Tab>
          )}
          {hasProfile && (
            <Tabs.Tab value="profile" leftSection={<IconChartHistogram size={16} aria-hidden />}>
              {texts.asset.profile}
            </Tabs.Tab>
          )}
          {hasLineage && (
            <Tabs.Tab value="lineage" leftSection={<IconTopologyStar3 size={16} aria-hidden />}>
              {texts.asset.lineage}
            </Tabs.Tab>
          )}
          {viewDefinition !== undefined && (
            <Tabs.Tab value="definition" leftSection={<IconCode size={16} aria-hidden />}>
              {texts.asset.definition}
            </Tabs.Tab>
          )}
          <Tabs.Tab value="origins" leftSection={<IconHistory size={16} aria-hidden />}>
            {texts.asset.origins}
          </Tabs.Tab>
        </Tabs.List>
        {partWord && (
          <Tabs.Panel value="parts">
            <PartTable parts={asset.parts} word={texts.asset[partWord].toLowerCase()} />
          </Tabs.Panel>
        )}
        {hasProfile && (
          <Tabs.Panel value="profile">
            <Suspense fallback={<Skeleton height={480} radius="md" />}>
              <ProfileView pipelineId={pipelineId} asset={asset} />
            </Suspense>
          </Tabs.Panel>
        )}
        {hasLineage && (
          <Tabs.Panel value="lineage">
            <Suspense fallback={<Skeleton height={480} radius="md" />}>
              <LineageView pipelineId={pipelineId} asset={asset} />
            </Suspense>
          </Tabs.Panel>
        )}
        {viewDefinition !== undefined && (
          <Tabs.Panel value="definition">
            <pre className={classes.code}>{viewDefinition}</pre>
          </Tabs.Panel>
        )}
        <Tabs.Panel value="origins">
          <OriginTable origins={asset.origins} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Waiting() {
  return (
    <Stack gap="md" aria-busy="true">
      <Skeleton height={34} width="40%" radius="md" />
      <Skeleton height={90} radius="md" />
      <Skeleton height={320} radius="md" />
    </Stack>
  );
}
