import type { Finding, Path } from './validate-recipe.ts';

type Keys = Readonly<Record<string, unknown>>;

const pipelinePath = ['source', 'sourceConfig', 'config'];

/** What a schema cannot say of a recipe that profiles: shares above the whole, and samples of two kinds at once. */
export function profilerFindings(pipeline: Keys, processor: Keys): Finding[] {
  if (pipeline['type'] !== 'Profiler' && pipeline['type'] !== 'AutoClassification') return [];
  const chosen = pipeline['profileSampleConfig'];
  return [
    ...shareFindings(pipeline, pipelinePath),
    ...(isMap(chosen) ? chosenFindings(pipeline, chosen) : []),
    ...(['databaseConfig', 'schemaConfig', 'tableConfig'] as const).flatMap((key) =>
      listOf(processor[key]).flatMap((each, i) => shareFindings(each, ['processor', 'config', key, i])),
    ),
  ];
}

function shareFindings(keys: Keys, path: Path): Finding[] {
  const { profileSample: size, profileSampleType: type } = keys;
  if (typeof size !== 'number' || type === 'ROWS' || size <= 100) return [];
  return [
    {
      path: [...path, 'profileSample'],
      message: `${size} is more than all rows.`,
      expected: 'at most 100 (percent)',
      suggestion: 'For a number of rows, add profileSampleType: ROWS.',
    },
  ];
}

function chosenFindings(pipeline: Keys, chosen: Keys): Finding[] {
  const path = [...pipelinePath, 'profileSampleConfig'];
  const config = isMap(chosen['config']) ? chosen['config'] : {};
  const twice = ['profileSample', 'profileSampleType', 'samplingMethodType'].filter((key) => pipeline[key] != null);
  const strangers =
    chosen['sampleConfigType'] === 'DYNAMIC'
      ? ['profileSample', 'profileSampleType', 'samplingMethodType']
      : ['thresholds', 'smartSampling'];
  return [
    ...twice.map((key) => ({
      path: [...pipelinePath, key],
      at: 'key' as const,
      message: `${key} and profileSampleConfig say the same.`,
      suggestion: 'Keep one of them.',
    })),
    ...strangers
      .filter((key) => config[key] != null)
      .map((key) => ({
        path: [...path, 'config', key],
        at: 'key' as const,
        message: `${key} has no meaning with sampleConfigType ${String(chosen['sampleConfigType'])}.`,
      })),
    ...shareFindings(config, [...path, 'config']),
    ...listOf(config['thresholds']).flatMap((each, i) => shareFindings(each, [...path, 'config', 'thresholds', i])),
  ];
}

function listOf(value: unknown): readonly Keys[] {
  return Array.isArray(value) ? value.map((each) => (isMap(each) ? each : {})) : [];
}

function isMap(value: unknown): value is Keys {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
