import type { LoadedRecipe } from '../config/load-recipe.ts';
import type { TargetNames } from '../connectors/source.ts';
import { OpenMetadataClient } from '../openmetadata/openmetadata-client.ts';
import { OpenMetadataTarget } from '../openmetadata/openmetadata-target.ts';

/** Names that a target holds, for whoever reads without writing: it is connected to when it is first asked. */
export class LateTarget implements TargetNames {
  readonly #client: OpenMetadataClient;
  readonly #signal: AbortSignal;
  #target: Promise<OpenMetadataTarget> | undefined;

  constructor({ settings, redactor }: LoadedRecipe, signal: AbortSignal) {
    this.#client = new OpenMetadataClient(settings.openMetadata, {
      redact: (text) => redactor.redact(text),
      learn: (secret) => redactor.learn(secret),
    });
    this.#signal = signal;
  }

  /** @throws AuthenticationError, ConnectionError, ConfigurationError */
  async databases(service: string): Promise<readonly string[] | undefined> {
    this.#target ??= this.#client.connect(this.#signal).then(() => new OpenMetadataTarget(this.#client, this.#signal));
    return (await this.#target).databases(service);
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
