import type { AuthConfig } from './auth/create-auth.ts';

/** The keys of a recipe's `workflowConfig.openMetadataServerConfig` that a connection uses. */
export interface ServerConfig extends AuthConfig {
  /** Address including `/api`. */
  readonly hostPort: string;
  readonly apiVersion?: string | undefined;
  readonly verifySSL?: 'no-ssl' | 'ignore' | 'validate' | undefined;
  readonly sslConfig?:
    | {
        readonly caCertificate?: string | undefined;
        readonly sslCertificate?: string | undefined;
        readonly sslKey?: string | undefined;
      }
    | undefined;
  readonly enableVersionValidation?: boolean | undefined;
  readonly extraHeaders?: Readonly<Record<string, string>> | undefined;
}
