/** What the package offers to programs (docs/library.md). */
export { type LoadedRecipe, type LoadOptions, loadRecipe } from './config/load-recipe.ts';
export { RecipeError, type RecipeProblem } from './config/recipe-error.ts';
export type { Finding } from './config/validate-recipe.ts';
export type {
  ConnectionSettings,
  ProbedServer,
  SourceOptions,
} from './connectors/connector.ts';
export type { ConnectorCapability, ConnectorSpec } from './connectors/connector-spec.ts';
export {
  type ConnectionValues,
  type ConnectorDefinition,
  type DefinedConnector,
  defineConnector,
  type RunSettings,
} from './connectors/external/define-connector.ts';
export type {
  Source,
  SourceCheck,
  SourceContext,
  SourceIssue,
  SourceMemory,
} from './connectors/source.ts';
export {
  AuthenticationError,
  ConfigurationError,
  ConnectionError,
  GuardError,
  MeridianError,
  RecordError,
  ResponseError,
} from './errors.ts';
export type * from './model/records.ts';
export type { ProfiledTable, ProfileRequest, ProfilingEngine, TableProfile } from './profiler/profiling-engine.ts';
export { type Change, type ChangeAction, type FieldChange, isWrite } from './reconcile/change.ts';
export { getSchema, schemaNames } from './schema/schemas.ts';
export { formatStatus } from './workflow/format-status.ts';
export { finishRun } from './workflow/parts/finish-run.ts';
export { ingestPartition } from './workflow/parts/ingest-partition.ts';
export { type PlanOptions, planPartitions } from './workflow/parts/plan-partitions.ts';
export type { Partition, PartitionReport, PartOptions, RunPlan } from './workflow/parts/run-plan.ts';
export type { RecordFunction } from './workflow/processors/module-processor.ts';
export type { Progress } from './workflow/progress.ts';
export { type RaiseOptions, RunFailedError, raiseFromReport } from './workflow/raise-from-report.ts';
export type { RunFailure, RunReport, RunState, SkippedGroup, StageCounts } from './workflow/report.ts';
export { type UndoOptions, type UndoOutcome, UndoWorkflow } from './workflow/undo/undo-workflow.ts';
export type { WatchReport } from './workflow/watch-report.ts';
export { Watcher, type WatcherOptions } from './workflow/watcher.ts';
export { Workflow, type WorkflowOptions } from './workflow/workflow.ts';
