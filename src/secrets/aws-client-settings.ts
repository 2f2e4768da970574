import { isNetworkError, notAllowed, type Refusal, refused, settingMissing, unreachable } from './manager-errors.ts';
import type { ManagerOptions } from './secrets-manager.ts';

/** Milliseconds. */
const connectionTimeout = 5_000;
const requestTimeout = 15_000;
/** A throttled request is sent again by the library, later each time. */
const maxAttempts = 4;

/** What both clients of AWS are made with. What is not set, they find themselves: profiles, roles, an instance's own. */
export function awsClientSettings({ env, airflow }: ManagerOptions, service: string) {
  const region = airflow('aws_region') ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  const accessKeyId = airflow('aws_access_key_id') ?? env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = airflow('aws_secret_access_key') ?? env['AWS_SECRET_ACCESS_KEY'];
  const sessionToken = airflow('aws_access_key_id') === undefined ? env['AWS_SESSION_TOKEN'] : undefined;
  const endpoint = env[`AWS_ENDPOINT_URL_${service}`] ?? env['AWS_ENDPOINT_URL'];
  return {
    maxAttempts,
    requestHandler: { connectionTimeout, requestTimeout, throwOnRequestTimeout: true },
    ...(region && { region }),
    ...(endpoint && { endpoint }),
    ...(accessKeyId &&
      secretAccessKey && { credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) } }),
  };
}

const noRight =
  /AccessDenied|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|ExpiredToken|InvalidClientTokenId|MissingAuthentication|IncompleteSignature|OptInRequired|CredentialsProviderError/;

/** @param right the permission that reading needs */
export function awsError(refusal: Refusal, right: string) {
  const { name, message } = refusal.cause as Error;
  if (/Region is missing/.test(message)) {
    return settingMissing(refusal.manager, 'its region is not known.', 'Set AWS_REGION, or region in the AWS profile.');
  }
  if (noRight.test(name)) return notAllowed(refusal, right);
  return isNetworkError(refusal.cause) ? unreachable(refusal) : refused(refusal);
}
