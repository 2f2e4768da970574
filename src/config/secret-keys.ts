/** Keys of a recipe whose values are secrets. */
export const secretKeys: ReadonlySet<string> = new Set([
  'password',
  'jwtToken',
  'secretKey',
  'clientSecret',
  'privateKey',
  'sslKey',
]);
