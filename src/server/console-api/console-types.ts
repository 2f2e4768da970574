/** What the console's API gives and takes: read by the server's routes and by the console alike. Types only. */
import type { RecipeProblem } from '../../config/recipe-error.ts';

export type { RecipeProblem };

/** From little to much: each may do what those before it may. */
export type Role = 'viewer' | 'operator' | 'admin';

/** `GET /api/console/session`, and what signing in answers. */
export interface SessionAnswer {
  readonly user: { readonly name: string; readonly role: Role };
  /** To be sent as `x-csrf-token` with every request that changes something. */
  readonly csrfToken: string;
}

/** `GET /api/console/sign-in`: how one can sign in; asked without a session. */
export interface SignInWays {
  readonly password: boolean;
  /** Where single sign-on begins; absent where there is none. */
  readonly providerUrl?: string;
}

/** The body of every answer from 400 on. */
export interface FailureAnswer {
  readonly code: string;
  readonly message: string;
  readonly help?: string;
  readonly problems?: readonly RecipeProblem[];
}
