import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealAirflow } from '../../../test/airflow/real-airflow.testing.ts';
import { describeEngine } from '../engine-contract.testing.ts';
import { AirflowEngine } from './airflow-engine.ts';

describeEngine({
  name: 'airflow, a real one whose tasks run natively',
  pollMs: 500,
  open: async () => {
    const home = await mkdtemp(join(tmpdir(), 'meridian-home-'));
    const airflow = await RealAirflow.start({ env: { MERIDIAN_HOME: home } });
    const engine = await AirflowEngine.open({
      url: airflow.url,
      signIn: { kind: 'anybody' },
      dags: airflow.dags,
      bundles: airflow.bundles,
      version: '0.0.0-test',
      parseTimeoutSeconds: 120,
      pollMs: 300,
    });
    return {
      engine,
      cleanUp: async () => {
        await airflow.close();
        await rm(home, { recursive: true, force: true });
      },
    };
  },
});
