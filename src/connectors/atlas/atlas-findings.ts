import { addressFindings, isAddress } from '../../config/address-rule.ts';
import { defaults } from '../../config/defaults.ts';
import type { Finding, Path } from '../../config/validate-recipe.ts';
import { ssoUrlOf } from './auth/sso-url.ts';

const gatewayExample = 'https://knox.example:8443/gateway';

type Values = Readonly<Record<string, unknown>>;

/** What a schema cannot say of a connection to Atlas: addresses, and servers that only look like one. */
export function atlasFindings(connection: Values): readonly Finding[] {
  return [
    ...addressFindings(connection['hostPort'], ['hostPort'], 'http://atlas.example:21000'),
    ...purview(connection['hostPort']),
    ...signInFindings(connection, ['connectionArguments']),
  ];
}

/** Microsoft Purview speaks much of Atlas' API, but its search is another one: half of it would be read, without a word. */
function purview(hostPort: unknown): Finding[] {
  if (typeof hostPort !== 'string' || !isAddress(hostPort)) return [];
  const { hostname, pathname } = new URL(hostPort);
  if (!/(^|\.)purview\.azure\.(com|cn|us)$/i.test(hostname) && !/^\/datamap\/api(\/|$)/i.test(pathname)) return [];
  return [
    {
      path: ['hostPort'],
      message: 'This is Microsoft Purview, which is left out until real answers of it are at hand to build on.',
      expected: 'the address of an Apache Atlas',
    },
  ];
}

/** Addresses of Knox that are none, or that nobody can know. */
function signInFindings(connection: Values, path: Path): Finding[] {
  const { hostPort = defaults.atlasConnection.hostPort, connectionArguments } = connection;
  if (!isMap(connectionArguments)) return [];
  const { auth, token, passcode, tokenUrl, ssoUrl } = connectionArguments;
  if (auth === 'knox' && token === undefined && passcode === undefined) {
    return argumentFindings(tokenUrl, [...path, 'tokenUrl'], `${gatewayExample}/company/knoxtoken/api/v1/token`);
  }
  if (auth !== 'knoxsso') return [];
  const example = `${gatewayExample}/knoxsso/api/v1/websso`;
  if (ssoUrl !== undefined) return argumentFindings(ssoUrl, [...path, 'ssoUrl'], example);
  if (typeof hostPort !== 'string' || !isAddress(hostPort) || ssoUrlOf(hostPort) !== undefined) return [];
  return [
    {
      path,
      at: 'key',
      message: 'Where KnoxSSO is cannot be found from hostPort, which has no path of a gateway.',
      expected: `ssoUrl with an address such as ${example}`,
    },
  ];
}

/** Among the arguments a word between braces is a text of its own, and no placeholder; but it is no address either. */
function argumentFindings(value: unknown, path: Path, example: string): Finding[] {
  if (typeof value !== 'string' || isAddress(value)) return [];
  return [{ path, message: 'This is no address.', expected: `an address such as ${example}` }];
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
