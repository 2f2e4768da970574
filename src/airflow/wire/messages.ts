/**
 * The messages of Airflow's task protocol that we use, by the names and fields of its schema (version 2026-06-16, Airflow 3.3).
 * Fields that we do not read are left out.
 */
export interface TaskInstance {
  /** UUID. */
  readonly id: string;
  readonly dag_id: string;
  readonly run_id: string;
  readonly task_id: string;
  /** 1 for the first try. */
  readonly try_number: number;
  /** -1 for a task that is not mapped. */
  readonly map_index: number;
  readonly queue: string;
}

export interface DagRun {
  readonly dag_id: string;
  readonly run_id: string;
  /** ISO 8601. */
  readonly logical_date: string | null;
  readonly data_interval_start: string | null;
  readonly data_interval_end: string | null;
  readonly run_type: string;
  readonly conf: Readonly<Record<string, unknown>> | null;
}

/** Comes first, and unasked. */
export interface StartupDetails {
  readonly type: 'StartupDetails';
  readonly ti: TaskInstance;
  readonly ti_context: {
    readonly dag_run: DagRun;
    /** How often the task may be tried again after its first try. */
    readonly max_tries: number;
    /** Whether Airflow would try again after this one. */
    readonly should_retry: boolean;
    /** What earlier tries have left; to be deleted by the task. */
    readonly xcom_keys_to_clear: readonly string[];
  };
}

interface XComPlace {
  readonly key: string;
  readonly dag_id: string;
  readonly run_id: string;
  readonly task_id: string;
}

/** One of Airflow's assets, by its name and address. */
export interface AssetProfile {
  readonly type: 'Asset';
  readonly name: string;
  readonly uri: string;
}

/** What happened to an asset; `extra` shows in Airflow's page of the asset. */
export interface OutletEvent {
  readonly dest_asset_key: { readonly name: string; readonly uri: string };
  readonly extra: Readonly<Record<string, unknown>>;
}

/** What a task says last; Airflow fails a task that says none of these. */
export type FinalMessage =
  | {
      readonly type: 'SucceedTask';
      readonly state: 'success';
      readonly end_date: string;
      readonly task_outlets: readonly AssetProfile[];
      readonly outlet_events: readonly OutletEvent[];
      readonly rendered_map_index?: string;
    }
  | {
      readonly type: 'RetryTask';
      readonly state: 'up_for_retry';
      readonly end_date: string;
      /** At most 500 characters are kept. */
      readonly retry_reason?: string;
      /** The task's own `retry_delay` unless set. */
      readonly retry_delay_seconds?: number;
      readonly rendered_map_index?: string;
    }
  | {
      readonly type: 'TaskState';
      readonly state: 'failed' | 'skipped' | 'removed';
      readonly end_date: string;
      readonly rendered_map_index?: string;
    };

export type RequestMessage =
  | { readonly type: 'GetConnection'; readonly conn_id: string }
  | { readonly type: 'GetVariable'; readonly key: string }
  | { readonly type: 'MaskSecret'; readonly value: string; readonly name?: string }
  | { readonly type: 'SetRenderedMapIndex'; readonly rendered_map_index: string }
  | ({ readonly type: 'GetXCom'; readonly map_index: number } & XComPlace)
  | ({ readonly type: 'GetXComCount' } & XComPlace)
  | ({
      readonly type: 'GetXComSequenceSlice';
      readonly start: number | null;
      readonly stop: number | null;
      readonly step: number | null;
    } & XComPlace)
  | ({
      readonly type: 'SetXCom';
      readonly map_index: number;
      readonly value: unknown;
      /** Of a list that tasks are mapped over; without it they fail as `upstream_failed`. */
      readonly mapped_length?: number;
    } & XComPlace)
  | ({ readonly type: 'DeleteXCom'; readonly map_index: number } & XComPlace)
  | FinalMessage;

export interface ConnectionResult {
  readonly type: 'ConnectionResult';
  readonly conn_id: string;
  readonly conn_type: string;
  readonly host: string | null;
  readonly schema: string | null;
  readonly login: string | null;
  readonly password: string | null;
  readonly port: number | null;
  /** JSON. */
  readonly extra: string | null;
}

export interface VariableResult {
  readonly type: 'VariableResult';
  readonly key: string;
  readonly value: string | null;
}

export interface XComResult {
  readonly type: 'XComResult';
  readonly key: string;
  readonly value: unknown;
}

export interface XComCountResponse {
  readonly type: 'XComCountResponse';
  readonly len: number;
}

export interface XComSequenceSliceResult {
  readonly type: 'XComSequenceSliceResult';
  readonly root: readonly unknown[];
}

export type AnswerMessage =
  | ConnectionResult
  | VariableResult
  | XComResult
  | XComCountResponse
  | XComSequenceSliceResult;

/** In place of an answer, or beside an empty one. */
export interface ErrorResponse {
  readonly type: 'ErrorResponse';
  /** Such as `CONNECTION_NOT_FOUND`, `API_SERVER_ERROR`. */
  readonly error: string;
  readonly detail: Readonly<Record<string, unknown>> | null;
}
