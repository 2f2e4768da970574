/** Atlas' address without the path of its API. */
export function atlasUrlOf(hostPort: string): string {
  return hostPort.replace(/\/+$/, '').replace(/\/api\/atlas(\/v2)?$/, '');
}

/**
 * Where KnoxSSO is unless a recipe says so: beside the topology that Atlas is in, as Knox itself takes it to be
 * (`https://knox:8443/gateway/company/atlas` → `https://knox:8443/gateway/knoxsso/api/v1/websso`). Undefined for an address
 * without a gateway's path.
 */
export function ssoUrlOf(hostPort: string): string | undefined {
  if (!URL.canParse(hostPort)) return undefined;
  const { origin, pathname } = new URL(atlasUrlOf(hostPort));
  const gateway = /^(\/.+)\/[^/]+\/[^/]+$/.exec(pathname)?.[1];
  return gateway === undefined ? undefined : `${origin}${gateway}/knoxsso/api/v1/websso`;
}
