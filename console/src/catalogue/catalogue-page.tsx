import { Box, Select } from '@mantine/core';
import { IconListTree } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Navigate, Outlet, useMatch, useNavigate, useParams } from 'react-router';
import { Loading } from '../frame/loading.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { FailureAlert } from '../parts/failure-alert.tsx';
import { catalogueTexts as texts } from '../texts/catalogue-texts.ts';
import classes from './catalogue.module.css';
import { cataloguePath } from './catalogue-paths.ts';
import { cataloguePipelinesQuery } from './catalogue-queries.ts';
import { CatalogueSidebar } from './catalogue-sidebar.tsx';

/** The catalogue of one pipeline: search and tree beside what was chosen. On a narrow page one of both. */
export function Component() {
  const { pipelineId } = useParams();
  const isAtHome = useMatch('/catalogue/:pipelineId') !== null;
  const navigate = useNavigate();
  const pipelines = useQuery(cataloguePipelinesQuery);
  if (pipelines.isPending) return <Loading />;
  if (pipelines.isError) return <FailureAlert error={pipelines.error} onRetry={() => void pipelines.refetch()} />;
  const [first] = pipelines.data;
  if (!first) return <EmptyState icon={IconListTree} title={texts.empty.title} help={texts.empty.help} />;
  if (pipelineId === undefined) return <Navigate to={cataloguePath(first.id)} replace />;
  return (
    <div className={classes.page}>
      <Box component="aside" className={`${classes.side} ${isAtHome ? '' : classes.sideAway}`} aria-label={texts.title}>
        {pipelines.data.length > 1 && (
          <Select
            label={texts.pipeline}
            data={pipelines.data.map(({ id, name }) => ({ value: id, label: name }))}
            value={pipelineId}
            allowDeselect={false}
            searchable
            onChange={(id) => id !== null && void navigate(cataloguePath(id))}
            mb="sm"
          />
        )}
        <CatalogueSidebar key={pipelineId} pipelineId={pipelineId} />
      </Box>
      <div className={`${classes.content} ${isAtHome ? classes.home : ''}`}>
        <Outlet key={pipelineId} />
      </div>
    </div>
  );
}
