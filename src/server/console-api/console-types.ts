/** What the console's API gives and takes: read by the server's routes and by the console alike. Types only. */
import type { RecipeProblem } from '../../config/recipe-error.ts';

export type { RecipeProblem };

/** From little to much: each may do what those before it may. */
export type Role = 'viewer' | 'operator' | 'admin';

/** Who is signed in; what signing in answers. */
export interface SessionAnswer {
  readonly name: string;
  readonly role: Role;
  /** To be sent as `X-CSRF-Token` with every request that changes something. */
  readonly csrfToken: string;
}

/** `GET /api/session`: answered to everybody. */
export interface SessionState {
  readonly ways: {
    /** By name and password. */
    readonly basic: boolean;
    /** Where single sign-on begins; absent where there is none. */
    readonly oidc?: string;
  };
  readonly session: SessionAnswer | null;
}

/** The body of every answer from 400 on. */
export interface FailureAnswer {
  /** What happened. */
  readonly error: string;
  readonly code?: string;
  readonly help?: string;
  readonly problems?: readonly RecipeProblem[];
}
