import { type AuthClient, GoogleAuth } from 'google-auth-library';
import { crc32c } from './crc32c.ts';
import { isNetworkError, notAllowed, type Refusal, refused, settingMissing, unreachable } from './manager-errors.ts';
import type { ManagerOptions, SecretsManager } from './secrets-manager.ts';

const name = 'Google Secret Manager';
const scopes = ['https://www.googleapis.com/auth/cloud-platform'];
/** Milliseconds. */
const timeout = 15_000;

/** The answer of `secrets.versions.access`. */
interface Accessed {
  readonly payload?: { readonly data?: string; readonly dataCrc32c?: string };
}

/** For tests: another server, and who we are to it. */
export interface GcpOverrides {
  readonly baseUrl?: string;
  readonly authClient?: AuthClient;
}

/** Reads the latest version of secrets of Google's Secret Manager, by its REST API. */
export async function gcpSecretManager(
  options: ManagerOptions,
  { baseUrl = 'https://secretmanager.googleapis.com', authClient }: GcpOverrides = {},
): Promise<SecretsManager> {
  const auth = new GoogleAuth({ scopes, ...(authClient && { authClient }) });
  const project = options.airflow('project_id') ?? options.env['GOOGLE_CLOUD_PROJECT'] ?? (await projectOf(auth));
  return {
    name,
    read: async (id) => {
      const secret = id.startsWith('projects/') ? id : `projects/${project}/secrets/${encodeURIComponent(id)}`;
      const version = /\/versions\/[^/]+$/.test(secret) ? secret : `${secret}/versions/latest`;
      try {
        const { data } = await auth.request<Accessed>({
          url: `${baseUrl}/v1/${version}:access`,
          timeout,
          retry: true,
          retryConfig: {
            retry: 3,
            statusCodesToRetry: [
              [429, 429],
              [500, 599],
            ],
          },
        });
        return textOf(data, id);
      } catch (cause) {
        if (statusOf(cause) === 404) return undefined;
        throw errorOf({ manager: name, id, cause });
      }
    },
  };
}

async function projectOf(auth: GoogleAuth): Promise<string> {
  try {
    return await auth.getProjectId();
  } catch {
    const help =
      'Set GOOGLE_CLOUD_PROJECT, and GOOGLE_APPLICATION_CREDENTIALS where the machine has no account itself.';
    throw settingMissing(name, 'its project is not known.', help);
  }
}

function textOf({ payload }: Accessed, id: string): string | undefined {
  if (payload?.data === undefined) return undefined;
  const bytes = Buffer.from(payload.data, 'base64');
  if (payload.dataCrc32c !== undefined && crc32c(bytes) !== Number(payload.dataCrc32c)) {
    throw refused({ manager: name, id, cause: new Error('its value was damaged on the way') });
  }
  return bytes.toString('utf8');
}

function statusOf(cause: unknown): number | undefined {
  const { status, response } = cause as { status?: unknown; response?: { status?: unknown } };
  const found = response?.status ?? status;
  return typeof found === 'number' ? found : undefined;
}

function errorOf(refusal: Refusal) {
  const status = statusOf(refusal.cause);
  const { code, message } = refusal.cause as { code?: unknown; message?: string };
  if (String(code).startsWith('secrets.')) return refusal.cause;
  const noCredentials = /Could not load the default credentials|invalid_grant/.test(message ?? '');
  if (status === 401 || status === 403 || noCredentials) return notAllowed(refusal, 'secretmanager.versions.access');
  return status === undefined && isNetworkError(refusal.cause) ? unreachable(refusal) : refused(refusal);
}
