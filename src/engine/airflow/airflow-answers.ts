/** What Airflow's REST API answers, as far as it is used here; v1 and v2 name these the same. */
export interface DagAnswer {
  readonly dag_id: string;
  readonly is_paused: boolean;
  readonly file_token?: string;
  /** v2: its file is gone. */
  readonly is_stale?: boolean;
  /** v1: its file is there. */
  readonly is_active?: boolean;
}

export interface DagRunAnswer {
  readonly dag_run_id: string;
  readonly state: 'queued' | 'running' | 'success' | 'failed';
  readonly run_type: string;
  readonly logical_date: string | null;
  /** v2 only. */
  readonly queued_at?: string | null;
  /** v2 only. */
  readonly run_after?: string;
  readonly start_date: string | null;
  readonly end_date: string | null;
  readonly note: string | null;
}

export interface TaskInstanceAnswer {
  readonly task_id: string;
  /** -1 where it is not mapped. */
  readonly map_index: number;
  readonly state: string | null;
  readonly try_number: number;
  readonly start_date: string | null;
}

export interface ImportErrorAnswer {
  readonly timestamp: string;
  readonly filename: string;
  readonly stack_trace: string;
}

/** A line of a log in v2. */
export interface LogLineAnswer {
  readonly timestamp?: string | null;
  readonly event: string;
  readonly level?: string;
  readonly error_detail?: readonly { readonly exc_type?: string; readonly exc_value?: string }[];
  readonly [field: string]: unknown;
}

export interface LogAnswer {
  /** v2: lines; v1: Python's way to write a list of pairs of host and text. */
  readonly content: readonly (LogLineAnswer | string)[] | string;
}

export interface ConnectionAnswer {
  readonly connection_id: string;
  readonly description: string | null;
}
