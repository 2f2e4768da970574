import type { AirflowStep, AirflowTaskInput } from '../deployment.ts';
import type { StartupDetails, XComResult, XComSequenceSliceResult } from '../wire/messages.ts';
import type { Supervisor } from '../wire/supervisor.ts';

/** What a step needs of its DAG run and of the tasks before it, which a task that runs natively has to ask for. */
export async function nativeInput(
  supervisor: Supervisor,
  { ti, ti_context: context }: StartupDetails,
  step: AirflowStep,
): Promise<AirflowTaskInput> {
  const place = { dag_id: ti.dag_id, run_id: ti.run_id };
  /** Tasks of one DAG may stand in a group: `group.plan`. */
  const sibling = (name: AirflowStep): string => ti.task_id.replace(/[^.]*$/, name);
  const xcom = async (key: string): Promise<unknown> =>
    (
      await supervisor.ask<XComResult>(
        { type: 'GetXCom', ...place, task_id: sibling('plan'), key, map_index: -1 },
        'XComResult',
      )
    ).value;
  const reports = async (): Promise<readonly unknown[]> =>
    (
      await supervisor.ask<XComSequenceSliceResult>(
        {
          type: 'GetXComSequenceSlice',
          ...place,
          task_id: sibling('ingest'),
          key: 'return_value',
          start: null,
          stop: null,
          step: null,
        },
        'XComSequenceSliceResult',
      )
    ).root;
  const input: AirflowTaskInput = {
    runId: ti.run_id,
    tryNumber: ti.try_number,
    maxTries: context.max_tries,
    logicalDate: context.dag_run.logical_date,
    conf: context.dag_run.conf ?? {},
  };
  switch (step) {
    case 'plan':
    case 'profile':
      return input;
    case 'ingest': {
      // A mapped task does not get its own element: Airflow gives the whole list, and its place in it.
      const parts = await xcom('return_value');
      return { ...input, mapIndex: ti.map_index, part: Array.isArray(parts) ? parts[ti.map_index] : undefined };
    }
    case 'finish': {
      const [plan, told] = await Promise.all([xcom('plan'), reports()]);
      return { ...input, plan: { plan }, reports: told };
    }
  }
}
