import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { Redactor } from '../../config/redactor.ts';
import { resolveReferences } from '../../config/references.ts';
import { secretsOf } from '../../config/secrets-of.ts';
import type { EngineSettings } from '../../engine/embedded/engine-settings.ts';
import { ConfigurationError } from '../../errors.ts';
import { serveSettings } from '../../schema/serve-settings.ts';
import type { Role } from '../access/role.ts';

/** See the schema (`meridian schema serve`) for what each means. */
export interface ServeSettings {
  readonly port?: number;
  readonly host?: string;
  readonly engine?: 'embedded' | 'airflow';
  readonly airflow?: AirflowServeSettings;
  readonly publicUrl?: string;
  readonly behindProxy?: boolean;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly openMetadata?: {
    readonly hostPort?: string;
    readonly version?: string;
    readonly csrf?: boolean;
    readonly jwtToken?: string;
  };
  readonly defaults?: string;
  readonly oidc?: OidcSettings;
  readonly notices?: NoticeSettings;
  readonly runs?: Partial<EngineSettings>;
}

export interface AirflowServeSettings {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly token?: string;
  readonly dags: string;
  readonly bundles?: string;
  readonly command?: readonly string[];
  readonly parseTimeoutSeconds?: number;
}

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly scopes?: readonly string[];
  readonly nameClaim?: string;
  readonly rolesClaim?: string;
  readonly roles?: Readonly<Record<string, Role>>;
  readonly defaultRole?: Role;
  readonly allowInsecure?: boolean;
}

export interface NoticeSettings {
  readonly mail?: {
    readonly to?: readonly string[];
    readonly host: string;
    readonly port?: number;
    readonly from: string;
    readonly user?: string;
    readonly password?: string;
    readonly tls?: 'implicit' | 'starttls' | 'none';
    readonly verifyCertificate?: boolean;
  };
  readonly webhooks?: readonly WebhookSettings[];
}

export interface WebhookSettings {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly secret?: string;
}

export interface LoadedSettings {
  readonly settings: ServeSettings;
  /** Masks what is secret in them. */
  readonly redactor: Redactor;
}

const mark = /^\w+:\/\//;

/**
 * Reads the settings file of `meridian serve`, with its references looked up and its paths made whole.
 *
 * @throws ConfigurationError `serve.settings` with every mistake
 */
export async function readServeSettings(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<LoadedSettings> {
  let written: unknown;
  try {
    written = parse(await readFile(file, 'utf8')) ?? {};
  } catch (cause) {
    throw bad(file, ['it cannot be read as YAML'], cause);
  }
  const folder = dirname(resolve(file));
  const options = { env, folder, allowExec: true, execTimeoutMs: 10_000, redact: (text: string) => text };
  const { value, uses, problems } = await resolveReferences(written, options);
  if (problems.length > 0)
    throw bad(
      file,
      problems.map(({ path, message }) => `${path.join('.')}: ${message}`),
    );
  const ajv = new Ajv({ allErrors: true, strict: false, formats: { uri: isUri, password: true } });
  const check = ajv.compile<ServeSettings>(serveSettings);
  if (!check(value)) {
    throw bad(
      file,
      (check.errors ?? []).map(
        ({ instancePath, message, params }) =>
          `${instancePath.slice(1).replaceAll('/', '.') || 'the file'} ${message}${wordsOf(params)}`,
      ),
    );
  }
  const path = (text: string): string => resolve(folder, text);
  return {
    settings: {
      ...value,
      ...(value.tls && { tls: { cert: path(value.tls.cert), key: path(value.tls.key) } }),
      ...(value.defaults !== undefined && { defaults: path(value.defaults) }),
      ...(value.airflow && {
        airflow: {
          ...value.airflow,
          dags: path(value.airflow.dags),
          ...(value.airflow.bundles !== undefined && { bundles: path(value.airflow.bundles) }),
        },
      }),
    },
    redactor: new Redactor(secretsOf(value, uses)),
  };
}

function isUri(text: string): boolean {
  return mark.test(text) && URL.canParse(text);
}

function wordsOf(params: Readonly<Record<string, unknown>>): string {
  const { additionalProperty, allowedValues } = params;
  if (additionalProperty !== undefined) return `: ${String(additionalProperty)}`;
  return Array.isArray(allowedValues) ? `: ${allowedValues.join(', ')}` : '';
}

function bad(file: string, mistakes: readonly string[], cause?: unknown): ConfigurationError {
  return new ConfigurationError('serve.settings', `The settings file ${file} cannot be used: ${mistakes.join('; ')}.`, {
    help: '“meridian schema serve” shows every key.',
    cause,
  });
}
