import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { PipelineDetails, PipelineInput } from '../../../../src/server/console-api/console-types.ts';
import { pipelineQuery } from '../../api/pipelines.ts';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { formTexts } from '../../texts/form.ts';
import { newPipeline } from './new-pipeline.ts';
import { PipelineForm } from './pipeline-form.tsx';

/** A new pipeline, or one that is changed. */
export function Component() {
  const { id } = useParams();
  return id === undefined ? <PipelineForm initial={newPipeline} isNew /> : <Existing key={id} id={id} />;
}

function Existing({ id }: { readonly id: string }) {
  // Read once: what somebody else saves meanwhile does not change what is being written here.
  const { data, error, refetch } = useQuery({ ...pipelineQuery(id), refetchOnWindowFocus: false, staleTime: 0 });
  if (error) {
    return (
      <>
        <PageHeader title={id} />
        <FailureAlert error={error} onRetry={() => void refetch()} />
      </>
    );
  }
  if (!data) return <Skeleton height={400} aria-label={formTexts.editTitle(id)} />;
  return <PipelineForm initial={inputOf(data)} isNew={false} />;
}

/** What can be written of what is known. */
function inputOf({
  createdAt: _c,
  updatedAt: _u,
  nextRun: _n,
  allowExec: _a,
  ...input
}: PipelineDetails): PipelineInput {
  return input;
}
