import { AuthenticationError, ConfigurationError, ConnectionError, ResponseError } from '../errors.ts';
import type { Api } from './api.ts';
import { type Capabilities, capabilitiesOf } from './capabilities.ts';
import type { User } from './entities.ts';
import { NEWEST_KNOWN, parseServerVersion } from './server-version.ts';

export interface Connection {
  readonly capabilities: Capabilities;
  /** Who the token signs in; undefined on servers without sign-in. */
  readonly user: User | undefined;
}

/** A server as it is reached. */
export interface Server {
  /** For people. */
  readonly name: string;
  readonly hostPort: string;
  /** Whether one of a later major version is refused. */
  readonly enableVersionValidation: boolean;
}

/** Without a user and password before the host. */
function shownAddress(hostPort: string): string {
  return hostPort.replace(/\/\/[^/]*@/, '//');
}

/** The path is looked at, not the host: an address without `/api` reaches the web pages, which answer anything. */
function apiHint(hostPort: string): string {
  return /\/api\/?$/.test(hostPort)
    ? 'Check that hostPort is the address of an OpenMetadata server and that no proxy stands before it.'
    : `hostPort must end in /api, such as ${shownAddress(hostPort).replace(/\/+$/, '')}/api.`;
}

function notAnApi(name: string, hostPort: string, cause?: unknown): ConnectionError {
  const which = name === 'OpenMetadata' ? '' : `, which shall be ${name},`;
  return new ConnectionError(
    'openmetadata.not-an-api',
    `What answers at ${shownAddress(hostPort)}${which} is no OpenMetadata API.`,
    { help: apiHint(hostPort), cause },
  );
}

async function readVersion(api: Api, { name, hostPort }: Server, signal: AbortSignal): Promise<unknown> {
  try {
    return (await api.get<{ version?: unknown } | undefined>('/system/version', {}, signal))?.version;
  } catch (error) {
    const isOther = error instanceof ResponseError && error.status < 500;
    const isPage = error instanceof ConnectionError && ['http.web-page', 'http.redirect'].includes(error.code);
    if (!isOther && !isPage) throw error;
    throw notAnApi(name, hostPort, error);
  }
}

async function readUser(api: Api, name: string, signal: AbortSignal): Promise<User | undefined> {
  try {
    return await api.get<User>('/users/loggedInUser', {}, signal);
  } catch (error) {
    if (error instanceof ResponseError) return undefined;
    if (!(error instanceof AuthenticationError) || !error.code.startsWith('http.')) throw error;
    throw new AuthenticationError('openmetadata.sign-in', `${name} does not accept this token.`, {
      help:
        'It may have expired or been revoked, or belong to another server. In OpenMetadata open Settings, Bots, ' +
        'ingestion-bot, and copy its token into securityConfig.jwtToken.',
      cause: error,
    });
  }
}

/**
 * Which version answers, and what it can do.
 * @throws ConnectionError when no OpenMetadata API answers
 * @throws ConfigurationError when its version is too old, or of a later major version and not let pass
 */
export async function readCapabilities(api: Api, server: Server, signal: AbortSignal): Promise<Capabilities> {
  const { name, hostPort, enableVersionValidation } = server;
  const version = await readVersion(api, server, signal);
  if (version === undefined || version === null) {
    throw notAnApi(name, hostPort);
  }
  const capabilities = capabilitiesOf(parseServerVersion(version));
  const { version: found } = capabilities;
  if (enableVersionValidation && found.major > NEWEST_KNOWN.major) {
    throw new ConfigurationError(
      'openmetadata.version-too-new',
      `The OpenMetadata server is version ${found.text}; ${NEWEST_KNOWN.major}.${NEWEST_KNOWN.minor} is the newest that is known.`,
      { help: 'Upgrade Meridian, or speak to it as to the newest known one with enableVersionValidation: false.' },
    );
  }
  return capabilities;
}

/**
 * First contact: which version answers, and whether it accepts us.
 * @throws as `readCapabilities` does, and AuthenticationError when the sign-in is refused
 */
export async function connect(api: Api, server: Server, signal: AbortSignal): Promise<Connection> {
  const capabilities = await readCapabilities(api, server, signal);
  return { capabilities, user: await readUser(api, server.name, signal) };
}
