/** OpenMetadata's address as its API begins: a trailing slash and the version go, a missing `/api` is added. */
export function apiAddress(hostPort: string): string {
  const bare = hostPort.replace(/\/+$/, '').replace(/\/api\/v1$/, '/api');
  return /\/api$/.test(bare) ? bare : `${bare}/api`;
}
