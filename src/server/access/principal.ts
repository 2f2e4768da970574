import type {} from '@fastify/swagger';
import type { Role } from './role.ts';

/** Who sends a request. */
export interface Principal {
  readonly name: string;
  readonly role: Role;
  /** How it was proven. What a browser sends by itself (`session`) needs the CSRF token when it changes something. */
  readonly by: 'session' | 'basic' | 'token';
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before the body is read, on every route that is not public. */
    principal: Principal | null;
    /** What the audit log says the request was about; set by its handler. */
    auditTarget: string | undefined;
  }
  interface FastifyContextConfig {
    /** Who may call the route, signed in or not (`public`). The server does not start with a route that does not say it. */
    readonly access?: Role | 'public';
    /** Ways to sign in that the route takes; all unless set. */
    readonly signIns?: readonly Principal['by'][];
    /** What the audit log calls it; unset: not written. */
    readonly audit?: string;
  }
}
