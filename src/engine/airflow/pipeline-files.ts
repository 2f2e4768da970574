import { readFileSync } from 'node:fs';
import { readBundle } from '../../airflow/bundle/read-bundle.ts';
import { readDagData, readDagHeader } from '../../airflow/dag/render-dag.ts';
import { pythonFiles } from '../../airflow/deploy/dag-folder.ts';
import { bundleFile, type Deployed, dagFile, deployDag } from '../../airflow/deploy/deploy-dag.ts';
import { removeDag } from '../../airflow/deploy/remove-dag.ts';
import type { AirflowDeployment, EnginePipeline } from '../../airflow/deployment.ts';
import { ConfigurationError } from '../../errors.ts';

export interface PipelineFolders {
  /** Folder that this Airflow reads DAGs from, as it is found on this machine. */
  readonly dags: string;
  /** Folder of the task bundles, as Airflow's coordinator has it. */
  readonly bundles: string;
  /** Meridian's own version. */
  readonly version: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** What the file of a pipeline holds. */
export interface KnownPipeline {
  readonly data: Partial<AirflowDeployment>;
  readonly engine: EnginePipeline;
}

/** The files of an engine's pipelines. They are what it knows of them: it keeps nothing of its own. */
export class PipelineFiles {
  readonly #folders: PipelineFolders;

  constructor(folders: PipelineFolders) {
    this.#folders = folders;
  }

  /** @throws ConfigurationError `engine.pipeline-taken` and those of `deployDag` */
  async write(deployment: AirflowDeployment): Promise<Deployed> {
    const { dags, bundles, version, env = process.env } = this.#folders;
    try {
      // The files of an engine are its own: what somebody changed in them does not stay.
      return await deployDag(deployment, { dags, bundles, version, env, force: true });
    } catch (error) {
      const isTaken = error instanceof ConfigurationError && /^airflow\.(dag-taken|not-ours)$/.test(error.code);
      if (!isTaken) throw error;
      throw new ConfigurationError('engine.pipeline-taken', error.message, {
        help: 'Choose another name, or delete that pipeline first.',
        cause: error,
      });
    }
  }

  /** A DAG file with native tasks has no recipe: that stands in the bundle. */
  async deploymentOf({ data }: KnownPipeline): Promise<AirflowDeployment> {
    if (data.recipe !== undefined) return data as AirflowDeployment;
    return (await readBundle(bundleFile(this.#folders.bundles, data.dagId!))).deployment;
  }

  async remove(dagId: string): Promise<void> {
    const { dags, bundles } = this.#folders;
    await removeDag({ dagId, dags, bundles, force: true });
  }

  all(): KnownPipeline[] {
    return [...pythonFiles(this.#folders.dags)].flatMap(({ text, header }) => {
      const data = header && readDagData(text);
      return data?.engine && data.dagId !== undefined ? [{ data, engine: data.engine }] : [];
    });
  }

  /** @throws ConfigurationError `engine.unknown-pipeline` */
  known(pipelineId: string): KnownPipeline {
    const path = dagFile(this.#folders.dags, pipelineId);
    let text = '';
    try {
      if (!pipelineId.includes('/')) text = readFileSync(path, 'utf8');
    } catch {
      // There is none, which is told below.
    }
    const data = readDagHeader(text) && readDagData(text);
    if (data?.engine && data.dagId === pipelineId) return { data, engine: data.engine };
    throw new ConfigurationError('engine.unknown-pipeline', `No pipeline “${pipelineId}” is deployed to Airflow.`, {
      help: 'Deploy it, or correct the name.',
    });
  }
}
