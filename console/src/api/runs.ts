import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  ChangesAnswer,
  DeadLetterPage,
  RunAnswer,
  RunRecord,
  RunStarted,
  RunsAnswer,
} from '../../../src/server/console-api/console-types.ts';
import { pipelinePath } from './pipelines.ts';
import { request } from './request.ts';

const apiPath = (runId: string, what = ''): string => `/console/runs/${encodeURIComponent(runId)}${what}`;

export function isEnded({ state }: Pick<RunRecord, 'state'>): boolean {
  return state !== 'queued' && state !== 'running';
}

/** Runs of a pipeline by pages, newest first. */
export function runsQuery(pipelineId: string, kind?: RunRecord['kind']) {
  return infiniteQueryOptions({
    queryKey: ['pipelines', pipelineId, 'runs', kind ?? 'all'],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ ...(pageParam && { before: pageParam }), ...(kind && { kind }) });
      return request<RunsAnswer>(`/console${pipelinePath(pipelineId)}/runs?${query}`, { signal });
    },
    getNextPageParam: ({ runs, more }) => (more ? runs.at(-1)?.runId : undefined),
    refetchInterval: ({ state }) => (state.data?.pages[0]?.runs.some((run) => !isEnded(run)) ? 2_000 : false),
  });
}

export function runQuery(runId: string) {
  return queryOptions({
    queryKey: ['runs', runId],
    queryFn: ({ signal }) => request<RunAnswer>(apiPath(runId), { signal }),
  });
}

/** Where the whole log can be downloaded. */
export function logAddress(runId: string): string {
  return `/api${apiPath(runId, '/log')}`;
}

/** Server-sent events of a run. */
export function eventsAddress(runId: string): string {
  return `/api${apiPath(runId, '/events')}`;
}

export function stopRun(runId: string): Promise<{ readonly stopped: number }> {
  return request(apiPath(runId, '/stop'), { method: 'POST' });
}

/** @param names all unless set */
export function replayRun(runId: string, names?: readonly string[]): Promise<RunStarted> {
  return request(apiPath(runId, '/replay'), { method: 'POST', body: names ? { names } : {} });
}

export function deadLettersQuery(runId: string) {
  return infiniteQueryOptions({
    queryKey: ['runs', runId, 'dead-letters'],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      request<DeadLetterPage>(
        apiPath(runId, `/dead-letters?${new URLSearchParams(pageParam ? { after: pageParam } : {})}`),
        {
          signal,
        },
      ),
    getNextPageParam: ({ after }) => after,
  });
}

export interface ChangeFilter {
  readonly search: string;
  readonly action: string;
  readonly entityType: string;
  readonly skip: number;
}

/** @param whole false while the plan is being made: it is asked again and again then */
export function changesQuery(runId: string, filter: ChangeFilter, whole: boolean) {
  return queryOptions({
    queryKey: ['runs', runId, 'changes', filter, whole],
    queryFn: ({ signal }) => {
      const { skip, ...words } = filter;
      const set = Object.entries(words).filter(([, value]) => value !== '');
      return request<ChangesAnswer>(
        apiPath(runId, `/changes?${new URLSearchParams([...set, ['skip', String(skip)]])}`),
        {
          signal,
        },
      );
    },
    placeholderData: keepPreviousData,
    refetchInterval: whole ? false : 1_500,
    staleTime: whole ? Number.POSITIVE_INFINITY : 0,
  });
}
