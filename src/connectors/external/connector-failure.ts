import { Redactor } from '../../config/redactor.ts';
import { secretsOf } from '../../config/secrets-of.ts';
import { ConfigurationError, MeridianError } from '../../errors.ts';
import type { Source, SourceContext } from '../source.ts';

const help = 'This is a mistake of the connector, or of what it reads. --verbose shows where it happened.';

/** An error that a connector did not mean to throw, as its own: it is none of Meridian's. Others are as they were. */
export function connectorFailure(type: string, error: unknown): unknown {
  if (error instanceof MeridianError) return error;
  return new MeridianError('connector.failed', `The connector ${type} failed: ${text(error)}`, { help, cause: error });
}

/** The same for a connection that it could not make sense of; nothing of a recipe is masked yet. */
export function connectionFailure(type: string, connection: unknown, error: unknown): unknown {
  if (error instanceof MeridianError) return error;
  const said = new Redactor(secretsOf(connection, [])).redact(text(error));
  return new ConfigurationError('connector.connection', `The connector ${type} cannot use this connection: ${said}`, {
    help: 'Check serviceConnection.config. What a connector cannot use it should tell in findings().',
  });
}

/** A source whose reading ends with such errors. A stop is no failure. */
export function withOwnFailures(type: string, source: Source): Source {
  const records = source.records.bind(source);
  Object.defineProperty(source, 'records', {
    value: async function* ownRecords(context: SourceContext) {
      try {
        yield* records(context);
      } catch (error) {
        throw context.signal.aborted ? error : connectorFailure(type, error);
      }
    },
  });
  return source;
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
