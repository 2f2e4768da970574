import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What a pipeline's memory belongs to: never the recipe's path or Atlas' address, which may change. */
export interface PipelineIdentity {
  readonly ingestionPipelineFqn?: string;
  /** Host (and port) of the OpenMetadata server. */
  readonly targetHost: string;
  readonly sourceType: string;
  readonly serviceName: string;
  /** Set for what runs beside the pipeline that carries metadata of the same service. */
  readonly work?: 'profile';
}

/** A readable, stable name of a pipeline. */
export function pipelineName(identity: PipelineIdentity): string {
  const { ingestionPipelineFqn, targetHost, sourceType, serviceName, work } = identity;
  const name = `${targetHost}/${sourceType.toLowerCase()}/${serviceName}`;
  return ingestionPipelineFqn ?? (work === undefined ? name : `${name}/${work}`);
}

/** Folder of everything that Meridian remembers: `$MERIDIAN_HOME`, else `~/.local/state/meridian`. */
export function meridianHome(env: Readonly<Record<string, string | undefined>>): string {
  return env['MERIDIAN_HOME'] || join(homedir(), '.local', 'state', 'meridian');
}

/** File of a pipeline's state store. */
export function stateFile(home: string, identity: PipelineIdentity): string {
  const name = pipelineName(identity);
  const slug = name.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 60);
  return join(home, 'pipelines', `${slug}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}.db`);
}
