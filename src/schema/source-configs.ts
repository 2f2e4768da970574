import type { PipelineType } from '../engine/engine.ts';
import { autoClassificationPipeline } from './auto-classification-pipeline.ts';
import { databaseMetadata } from './database-metadata.ts';
import type { JsonSchema } from './parts.ts';
import { profilerPipeline } from './profiler-pipeline.ts';

/** `source.sourceConfig.config` of each kind of pipeline, by its `type`. */
export const sourceConfigs = {
  DatabaseMetadata: databaseMetadata,
  Profiler: profilerPipeline,
  AutoClassification: autoClassificationPipeline,
} as const satisfies Readonly<Record<string, JsonSchema>>;

export type SourceConfigType = keyof typeof sourceConfigs;

export const sourceConfigTypes = Object.keys(sourceConfigs) as readonly SourceConfigType[];

/** OpenMetadata's `pipelineType` of pipelines whose recipes have this kind of source config. */
export const pipelineTypeOf: Readonly<Record<SourceConfigType, PipelineType>> = {
  DatabaseMetadata: 'metadata',
  Profiler: 'profiler',
  AutoClassification: 'autoClassification',
};
