import type { TlsConfig } from '../http/tls-options.ts';
import type { AuthConfig } from './auth/create-auth.ts';

/** The keys of a recipe's `workflowConfig.openMetadataServerConfig` that a connection uses. */
export interface ServerConfig extends AuthConfig, TlsConfig {
  /** Address including `/api`. */
  readonly hostPort: string;
  readonly apiVersion?: string | undefined;
  readonly enableVersionValidation?: boolean | undefined;
  readonly extraHeaders?: Readonly<Record<string, string>> | undefined;
}
