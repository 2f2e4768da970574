import { describe, expect, it } from 'vitest';
import { loadRecipe } from './load-recipe.ts';
import { RecipeError } from './recipe-error.ts';

const recipe = (airflow: string): { text: string; name: string } => ({
  name: 'recipe.yaml',
  text: `source:
  type: Atlas
  serviceName: company_atlas
  serviceConnection:
    config: {hostPort: http://atlas.example:21000, username: reader, password: pass-word-1, databaseServiceName: [hive], entity_type: hive_table}
  sourceConfig: {config: {type: DatabaseMetadata}}
sink: {type: metadata-rest}
workflowConfig:
  openMetadataServerConfig: {hostPort: http://om.example/api, securityConfig: {jwtToken: token-of-a-bot}}
airflow:
  ${airflow}
`,
});

async function problemsOf(airflow: string) {
  try {
    await loadRecipe(recipe(airflow), { env: {} });
    return [];
  } catch (error) {
    if (!(error instanceof RecipeError)) throw error;
    return error.problems;
  }
}

describe('airflow:', () => {
  it('takes everything that the page’s DAG has, and more', async () => {
    const all = `{dagId: sample_data, description: "é {{ }}", owner: user_name, email: [username@org.com], emailOnFailure: true, retries: 3,
    retryDelay: 5m, executionTimeout: 60m, startDate: 2025-01-31, endDate: "2026-02-01T06:00:00+02:00", schedule: "*/5 * * * *",
    timezone: Europe/Berlin, catchup: true, maxActiveRuns: 1, isPausedUponCreation: false, tags: [atlas], form: Native, queue: node,
    partitions: 8, command: [meridian]}`;
    expect(await problemsOf(all)).toEqual([]);
    expect(await problemsOf('{schedule: null}')).toEqual([]);
  });

  it.each([
    ['dagId: my dag!', 'dagId', /no id of a DAG/, 'Such as my_dag.'],
    ['dagId: .hidden', 'dagId', /no id of a DAG/, 'Such as hidden.'],
    ['retryDelay: 5', 'retryDelay', /unit/, 'Write 5m for minutes.'],
    ['executionTimeout: 1 hour', 'executionTimeout', /no time/, undefined],
    ['executionTimeout: 0s', 'executionTimeout', /out of range/, undefined],
    ['startDate: 2025-02-30', 'startDate', /no date/, undefined],
    ['startDate: yesterday', 'startDate', /no date/, undefined],
    ['catchup: true', 'catchup', /Since when/, undefined],
    ['schedule: "* * * *"', 'schedule', /five fields; this has 4/, undefined],
    ['schedule: "* * * * * *"', 'schedule', /five fields; this has 6/, undefined],
    ['schedule: "61 * * * *"', 'schedule', /no cron/, undefined],
    ['schedule: "0 0 31 2 *"', 'schedule', /never due/, undefined],
    ['schedule: "0 0 1W * *"', 'schedule', /does not know/, undefined],
    ['schedule: "@houry"', 'schedule', /presets/, 'Did you mean “@hourly”?'],
    ['timezone: Europe/Berln', 'timezone', /no time zone/, 'Did you mean “Europe/Berlin”?'],
    ['timezone: "+02:00"', 'timezone', /no time zone/, undefined],
    ['email: [nobody]', 'email.0', /no mail address/, undefined],
    ['emailOnFailure: true', 'emailOnFailure', /Nobody is named/, undefined],
    ['queue: "node, default"', 'queue', /no name/, undefined],
    ['form: nativ', 'form', /not known/, 'Did you mean “native”?'],
    ['retrys: 3', 'retrys', /no key/, 'Did you mean “retries”?'],
    ['partitions: 0', 'partitions', /out of range/, undefined],
    ['tags: [""]', 'tags.0', /1 to 100/, undefined],
  ])('%s is told where it stands', async (line, path, message, suggestion) => {
    const [problem, ...more] = await problemsOf(line);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ path: `airflow.${path}`, line: 11, message: expect.stringMatching(message) });
    expect(problem?.suggestion).toBe(suggestion);
  });

  it('tells an end before the beginning', async () => {
    expect(await problemsOf('{startDate: 2025-01-31, endDate: 2025-01-30}')).toMatchObject([
      { path: 'airflow.endDate' },
    ]);
  });

  it('stands beside OpenMetadata’s wrapper, or in it', async () => {
    const { text, name } = recipe('{dagId: one}');
    const [workflow, block] = text.split(/^(?=airflow:)/m) as [string, string];
    const inner = workflow.replaceAll(/^/gm, '  ').trimEnd();
    const beside = await loadRecipe({ text: `openMetadataWorkflowConfig:\n${inner}\n${block}`, name }, { env: {} });
    expect(beside.config.airflow).toEqual({ dagId: 'one' });
    const within = `openMetadataWorkflowConfig:\n${text.replaceAll(/^(?=.)/gm, '  ')}`;
    expect((await loadRecipe({ text: within, name }, { env: {} })).config.airflow).toEqual({ dagId: 'one' });
  });
});
