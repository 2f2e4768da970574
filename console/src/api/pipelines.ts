import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type {
  AboutAnswer,
  DeployAnswer,
  PipelineDetails,
  PipelineEntry,
  PipelineInput,
  RunStarted,
} from '../../../src/server/console-api/console-types.ts';
import { notifyDone, notifyFailure } from '../parts/notify.ts';
import { pipelineTexts } from '../texts/pipelines.ts';
import { request } from './request.ts';

const pipelinesKey = ['pipelines'] as const;

/** Address of a pipeline's page, or of what is below it. */
export function pipelinePath(id: string, ...below: readonly string[]): string {
  return ['/pipelines', ...[id, ...below].map(encodeURIComponent)].join('/');
}

const apiPath = (id: string, ...below: readonly string[]): string => `/console${pipelinePath(id, ...below)}`;

export const aboutQuery = queryOptions({
  queryKey: ['about'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: ({ signal }) => request<AboutAnswer>('/console/about', { signal }),
});

const isBusy = (entry: PipelineEntry): boolean =>
  entry.lastRuns.some(({ state }) => state === 'queued' || state === 'running');

/** Every pipeline; asked again every few seconds, more often while something runs. */
export const pipelinesQuery = queryOptions({
  queryKey: pipelinesKey,
  queryFn: ({ signal }) => request<readonly PipelineEntry[]>('/console/pipelines', { signal }),
  refetchInterval: ({ state }) => (state.data?.some(isBusy) ? 2_000 : 10_000),
});

export function pipelineQuery(id: string) {
  return queryOptions({
    queryKey: [...pipelinesKey, id],
    queryFn: ({ signal }) => request<PipelineDetails>(apiPath(id), { signal }),
  });
}

/** Makes a pipeline, or changes one. */
export function deployPipeline(pipeline: PipelineInput, isNew: boolean): Promise<DeployAnswer> {
  return isNew
    ? request('/console/pipelines', { method: 'POST', body: pipeline })
    : request(apiPath(pipeline.id), { method: 'PUT', body: pipeline });
}

/** What can be done with a pipeline; each says how it went, and what is shown is read anew. */
export function usePipelineActions(id: string) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: pipelinesKey });
  const post = (...below: readonly string[]) => request<unknown>(apiPath(id, ...below), { method: 'POST' });
  const start = (what: 'runs' | 'plans') => async (): Promise<void> => {
    const { runId } = (await post(what)) as RunStarted;
    await refresh();
    await navigate(pipelinePath(id, 'runs', runId));
  };
  const onError = notifyFailure;
  return {
    run: useMutation({ mutationFn: start('runs'), onError }),
    plan: useMutation({ mutationFn: start('plans'), onError }),
    setEnabled: useMutation({
      mutationFn: (enabled: boolean) => post(enabled ? 'resume' : 'pause'),
      onSuccess: async (_, enabled) => {
        await refresh();
        notifyDone(enabled ? pipelineTexts.done.resumed : pipelineTexts.done.paused);
      },
      onError,
    }),
    remove: useMutation({
      mutationFn: () => request(apiPath(id), { method: 'DELETE' }),
      onSuccess: async () => {
        await navigate('/pipelines');
        queryClient.removeQueries({ queryKey: [...pipelinesKey, id] });
        await refresh();
        notifyDone(pipelineTexts.done.removed);
      },
      onError,
    }),
  };
}
