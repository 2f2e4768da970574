import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { airflowSettings } from './airflow-settings.ts';
import { optionalLibrary } from './optional-library.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-airflow-'));
  const text =
    '[core]\naws_region = of-core\n[openmetadata_secrets_manager]\naws_region = eu\nAWS_ACCESS_KEY_ID=AK\nempty =\n[x]\nlast = 1\n';
  await writeFile(join(folder, 'airflow.cfg'), text);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('settings come from Airflow’s variables first, then from its own section of airflow.cfg', () => {
  const variable = 'AIRFLOW__OPENMETADATA_SECRETS_MANAGER__AWS_REGION';
  const file = airflowSettings({ AIRFLOW_HOME: folder });
  expect(['aws_region', 'aws_access_key_id', 'empty', 'last'].map(file)).toEqual(['eu', 'AK', undefined, undefined]);
  expect(airflowSettings({ AIRFLOW_HOME: folder, [variable]: 'us' })('aws_region')).toBe('us');
  expect(airflowSettings({ AIRFLOW_HOME: join(folder, 'nowhere') })('aws_region')).toBeUndefined();
});

it('a library that is not installed is named with the line that installs it', async () => {
  const name = '@example/no-such-library';
  await expect(optionalLibrary(name, () => import(/* @vite-ignore */ `${name}`))).rejects.toMatchObject({
    code: 'secrets.library',
    help: expect.stringContaining(`npm install ${name}`),
  });
});
