import type { AuthProvider } from '../../sign-in/auth-provider.ts';

/** For servers without sign-in. They still expect the header, so it carries a word that is no token. */
export class NoAuth implements AuthProvider {
  async authorize(): Promise<Record<string, string>> {
    return { Authorization: 'Bearer no_token' };
  }
}
