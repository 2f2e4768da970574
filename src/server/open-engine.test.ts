import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Redactor } from '../config/redactor.ts';
import { StandInAirflow } from '../engine/airflow/stand-in-airflow.testing.ts';
import { openEngine } from './open-engine.ts';

it('an Airflow can run the pipelines, and what it signs us in with is masked', async () => {
  const home = mkdtempSync(join(tmpdir(), 'meridian-open-engine-'));
  const dags = join(home, 'dags');
  mkdirSync(dags);
  const user = { username: 'op', password: 'Pa55word-of-airflow' };
  const airflow = await StandInAirflow.start({ dags, env: {}, user });
  const redactor = new Redactor([]);
  const settings = { engine: 'airflow', airflow: { url: airflow.url, ...user, dags } } as const;
  const { engine, history } = await openEngine({ settings, home, env: {}, redactor });
  expect(engine.name).toBe('airflow 3.3.2');
  expect(await engine.list()).toEqual([]);
  expect(history).toBeDefined();
  expect(redactor.redact(`Bearer ${airflow.token}`)).toBe('Bearer ***');
  await engine.close();
  await airflow.close();
  rmSync(home, { recursive: true });
});

it('an Airflow that nobody names is asked for', async () => {
  const opened = openEngine({ settings: { engine: 'airflow' }, home: '', env: {}, redactor: new Redactor([]) });
  await expect(opened).rejects.toMatchObject({ code: 'serve.no-airflow', exitCode: 2 });
});
