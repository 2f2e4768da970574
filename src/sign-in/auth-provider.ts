/** Signs requests in. One per connection; used by many requests at once. */
export interface AuthProvider {
  /**
   * Headers that sign a request in.
   * @param refresh true after the server refused the last ones: get new ones if there are any
   * @throws AuthenticationError when there is nothing valid to sign in with
   */
  authorize(refresh: boolean): Promise<Record<string, string>>;
}
