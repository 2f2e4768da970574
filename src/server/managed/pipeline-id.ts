import { ServerError } from '../server-error.ts';

const longest = 250;

/**
 * The engine's id of an ingestion pipeline, from its bare name: OpenMetadata calls pipelines by that. What no id may hold
 * becomes an underscore, as the reference implementation does it, so that an id is never a path.
 *
 * @throws ServerError `managed.bad-name`
 */
export function pipelineIdOf(name: string): string {
  const id = name.replace(/[^\w.-]+/g, '_').replace(/^\.+/, '_');
  if (id !== '' && id.length <= longest && /\w/.test(id)) return id;
  throw new ServerError('managed.bad-name', 'This cannot be the name of a pipeline.', {
    status: 400,
    help: `It needs a letter, a digit or an underscore, and ${longest} characters at most.`,
  });
}
