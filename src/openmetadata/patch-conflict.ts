import { MeridianError } from '../errors.ts';

/**
 * A `test` of a JSON Patch failed: somebody changed the entity between our reading and our writing. Nothing was changed;
 * read it again and decide anew.
 */
export class PatchConflict extends MeridianError {
  constructor(fqnOrId: string, cause: unknown) {
    super('openmetadata.patch-conflict', `${fqnOrId} was changed by somebody else in the meantime.`, {
      help: 'Run the ingestion again: it reads the entity anew and keeps what people wrote.',
      cause,
    });
  }
}
