import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeEngine } from '../engine-contract.testing.ts';
import { AirflowEngine } from './airflow-engine.ts';
import { StandInAirflow } from './stand-in-airflow.testing.ts';

describeEngine({
  name: 'airflow, over a stand-in of its REST API',
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'meridian-engine-'));
    const dags = join(folder, 'dags');
    mkdirSync(dags);
    const env = { ...process.env, MERIDIAN_HOME: join(folder, 'home') };
    const user = { username: 'op', password: 'Pa55word-of-airflow' };
    const airflow = await StandInAirflow.start({ dags, env, user });
    const engine = await AirflowEngine.open({
      url: airflow.url,
      signIn: { kind: 'password', ...user },
      dags,
      bundles: join(folder, 'bundles'),
      version: '0.0.0-test',
      pollMs: 20,
    });
    return {
      engine,
      cleanUp: async () => {
        await airflow.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
});
