import { expect, it } from 'vitest';
import { loadRecipe } from './load-recipe.ts';
import { RecipeError } from './recipe-error.ts';

const recipe = (pipeline: string, more = ''): { text: string; name: string } => ({
  name: 'profile.yaml',
  text: `source:
  type: Atlas
  serviceName: local_atlas
  serviceConnection:
    config: {username: admin, password: admin-password, entity_type: hive_table, databaseServiceName: [hive]}
  sourceConfig:
    config:
      ${pipeline.split('\n').join('\n      ')}
sink: {type: metadata-rest}
${more}
workflowConfig:
  openMetadataServerConfig:
    hostPort: http://om.example:8585/api
    securityConfig: {jwtToken: the-bots-token}
`,
});

async function problemsOf(pipeline: string, more?: string): Promise<readonly string[]> {
  try {
    await loadRecipe(recipe(pipeline, more), { env: {} });
    return [];
  } catch (error) {
    if (!(error instanceof RecipeError)) throw error;
    return error.problems.map(
      ({ line, column, path, message, suggestion }) => `${line}:${column} ${path}: ${message} ${suggestion ?? ''}`,
    );
  }
}

it('a profiler recipe as OpenMetadata documents it is fine, with the keys of older versions too', async () => {
  const { settings } = await loadRecipe(
    recipe(
      `type: profiler
generateSampleData: true
sampleDataCount: 20
computeMetrics: true
processPiiSensitive: true
confidence: 90
profileSample: 50
threadCount:
metrics: [rowCount, MEAN, likeCount]`,
      `processor:
  type: orm-profiler
  config:
    tableConfig:
      - fullyQualifiedName: hive.default.shop.orders
        profileSample: 1000
        profileSampleType: ROWS
        columnConfig:
          excludeColumns: [note]
          includeColumns:
            - columnName: id
              metrics: [min, MAX]
        partitionConfig: {enablePartitioning: true}`,
    ),
    { env: {} },
  );
  expect(settings.profiler).toMatchObject({
    type: 'Profiler',
    sampleRows: 20,
    classify: { confidence: 90 },
    sample: { kind: 'static', sample: { size: 50, type: 'PERCENTAGE' } },
    threadCount: 5,
    metrics: new Set(['rowCount', 'mean']),
    otherMetrics: ['likeCount'],
  });
  expect(settings.profiler?.rules.get('hive.default.shop.orders')).toEqual({
    sample: { size: 1000, type: 'ROWS', randomized: false },
    excludeColumns: ['note'],
    includeColumns: [{ name: 'id', metrics: ['min', 'max'] }],
    notFollowed: ['partitionConfig'],
  });
});

it('a recipe that carries metadata has no profiler', async () => {
  const { settings } = await loadRecipe(recipe('includeTags: true'), { env: {} });
  expect(settings.profiler).toBeUndefined();
});

it('keys of another pipeline and misspelt ones are told at their place, with what was meant', async () => {
  expect(await problemsOf('type: Profiler\nprofileSampel: 10')).toEqual([
    '9:7 source.sourceConfig.config.profileSampel: There is no key “profileSampel” here. Did you mean “profileSample”?',
  ]);
  expect(await problemsOf('type: Profiler\nmarkDeletedTables: true')).toEqual([
    expect.stringMatching(/^9:7 .*There is no key “markDeletedTables” here/),
  ]);
  expect(await problemsOf('type: Profiler\nmetrics: [rowCuont]')).toEqual([
    expect.stringMatching(/^9:17 .*Did you mean “rowCount”/),
  ]);
  expect(await problemsOf('type: AutoClassification\nclassificationLanguage: xx')).toEqual([
    expect.stringMatching(/^9:31 /),
  ]);
});

it('more than all rows, and two samples at once, are mistakes', async () => {
  expect(await problemsOf('type: Profiler\nprofileSample: 500')).toEqual([
    '9:22 source.sourceConfig.config.profileSample: 500 is more than all rows. For a number of rows, add profileSampleType: ROWS.',
  ]);
  expect(await problemsOf('type: Profiler\nprofileSample: 500\nprofileSampleType: ROWS')).toEqual([]);
  expect(
    await problemsOf(
      'type: Profiler\nprofileSample: 5\nprofileSampleConfig: {sampleConfigType: STATIC, config: {profileSample: 5}}',
    ),
  ).toEqual([expect.stringMatching(/^9:7 .*say the same/)]);
  expect(
    await problemsOf('type: Profiler\nprofileSampleConfig: {sampleConfigType: STATIC, config: {thresholds: []}}'),
  ).toEqual([expect.stringMatching(/^9:64 .*thresholds has no meaning/)]);
  expect(await problemsOf('type: Profiler\nclassificationFilterPattern: {includes: ["*"]}')).toEqual([
    expect.stringMatching(/^9:48 .*no regular expression/),
  ]);
});

it('a dynamic sample follows the number of rows, the highest threshold first', async () => {
  const { settings } = await loadRecipe(
    recipe(`type: Profiler
profileSampleConfig:
  sampleConfigType: DYNAMIC
  config:
    thresholds:
      - {rowCountThreshold: 1000, profileSample: 50}
      - {rowCountThreshold: 100000, profileSample: 5000, profileSampleType: ROWS, samplingMethodType: SYSTEM}`),
    { env: {} },
  );
  expect(settings.profiler?.sample).toEqual({
    kind: 'dynamic',
    thresholds: [
      { rows: 100_000, sample: { size: 5000, type: 'ROWS', method: 'SYSTEM', randomized: false } },
      { rows: 1000, sample: { size: 50, type: 'PERCENTAGE', randomized: false } },
    ],
  });
});
