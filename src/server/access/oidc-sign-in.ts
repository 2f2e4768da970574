import { randomBytes } from 'node:crypto';
import type * as Oidc from 'openid-client';
import { ServerError } from '../server-error.ts';
import type { OidcSettings } from '../settings/serve-settings.ts';
import { mayAct, type Role } from './role.ts';

/** What has to be the same when somebody comes back from the provider. */
interface Flow {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly endsAt: number;
}

export interface Identity {
  readonly name: string;
  readonly role: Role;
}

const flowMs = 10 * 60_000;
const mostFlows = 1000;
const longestName = 200;

/** Where the provider sends people back to, below the public address. */
export const callbackPath = '/api/session/oidc/callback';

/**
 * Sign-in at an OpenID Connect provider: authorization code with PKCE, state and nonce. Each attempt is kept here under an id
 * that the browser holds, and is good for one answer.
 */
export class OidcSignIn {
  readonly #settings: OidcSettings;
  readonly #redirectUri: string;
  readonly #flows = new Map<string, Flow>();
  #discovered: Promise<{ readonly oidc: typeof Oidc; readonly configuration: Oidc.Configuration }> | undefined;

  /** @param publicUrl the address that browsers know us by */
  constructor(settings: OidcSettings, publicUrl: string) {
    this.#settings = settings;
    this.#redirectUri = new URL(callbackPath, publicUrl).href;
  }

  /** @returns where to send the browser, and the id of the attempt, for its cookie */
  async begin(): Promise<{ readonly address: string; readonly flowId: string }> {
    const { oidc, configuration } = await this.#provider();
    const verifier = oidc.randomPKCECodeVerifier();
    const flow = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier, endsAt: Date.now() + flowMs };
    const address = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#redirectUri,
      scope: (this.#settings.scopes ?? ['openid', 'profile', 'email']).join(' '),
      state: flow.state,
      nonce: flow.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const flowId = randomBytes(24).toString('base64url');
    this.#flows.set(flowId, flow);
    for (const [id, { endsAt }] of this.#flows) {
      if (endsAt < Date.now() || this.#flows.size > mostFlows) this.#flows.delete(id);
    }
    return { address: address.href, flowId };
  }

  /**
   * @param query of the address that the provider sent the browser to
   * @throws ServerError `server.oidc-refused`, `server.oidc-role`
   */
  async finish(flowId: string | undefined, query: string): Promise<Identity> {
    const flow = this.#flows.get(flowId ?? '');
    this.#flows.delete(flowId ?? '');
    if (!flow || flow.endsAt < Date.now()) throw refused('this attempt is not known here, or it is too old');
    const { oidc, configuration } = await this.#provider();
    let claims: Readonly<Record<string, unknown>>;
    try {
      const tokens = await oidc.authorizationCodeGrant(configuration, new URL(`${this.#redirectUri}${query}`), {
        pkceCodeVerifier: flow.verifier,
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        idTokenExpected: true,
      });
      claims = { ...tokens.claims() };
      const { rolesClaim = 'groups' } = this.#settings;
      if (claims[rolesClaim] === undefined && configuration.serverMetadata().userinfo_endpoint) {
        const more = await oidc.fetchUserInfo(configuration, tokens.access_token, String(claims['sub']));
        claims = { ...more, ...claims };
      }
    } catch (cause) {
      throw refused('the provider’s answer does not hold', cause);
    }
    return { name: this.#nameOf(claims), role: this.#roleOf(claims) };
  }

  #nameOf(claims: Readonly<Record<string, unknown>>): string {
    const { nameClaim = 'preferred_username' } = this.#settings;
    const name = [claims[nameClaim], claims['email'], claims['sub']].find((each) => typeof each === 'string' && each);
    return String(name).slice(0, longestName);
  }

  #roleOf(claims: Readonly<Record<string, unknown>>): Role {
    const { rolesClaim = 'groups', roles = {}, defaultRole } = this.#settings;
    const held = [claims[rolesClaim]].flat().flatMap((value) => {
      return typeof value === 'string' && Object.hasOwn(roles, value) ? [roles[value]!] : [];
    });
    const greatest = held.reduce<Role | undefined>(
      (best, role) => (best && mayAct(best, role) ? best : role),
      defaultRole,
    );
    if (greatest) return greatest;
    throw new ServerError('server.oidc-role', 'You are known, but have no role here.', {
      status: 403,
      help: `An admin maps a value of the claim “${rolesClaim}” to a role: oidc.roles in the settings.`,
    });
  }

  async #provider(): Promise<{ readonly oidc: typeof Oidc; readonly configuration: Oidc.Configuration }> {
    this.#discovered ??= this.#discover();
    try {
      return await this.#discovered;
    } catch (cause) {
      // It may be back at the next attempt.
      this.#discovered = undefined;
      throw new ServerError('server.oidc-unreachable', 'The identity provider cannot be reached.', {
        status: 424,
        help: 'Check oidc.issuer in the settings: its /.well-known/openid-configuration must answer.',
        cause,
      });
    }
  }

  async #discover(): Promise<{ readonly oidc: typeof Oidc; readonly configuration: Oidc.Configuration }> {
    const { issuer, clientId, clientSecret, allowInsecure } = this.#settings;
    // Loaded by the first who signs in there.
    const oidc = await import('openid-client');
    const authentication = clientSecret === undefined ? oidc.None() : undefined;
    const configuration = await oidc.discovery(new URL(issuer), clientId, clientSecret, authentication, {
      ...(allowInsecure && { execute: [oidc.allowInsecureRequests] }),
    });
    return { oidc, configuration };
  }
}

function refused(why: string, cause?: unknown): ServerError {
  return new ServerError('server.oidc-refused', `Signing in at the identity provider did not work: ${why}.`, {
    status: 401,
    help: 'Try again from the sign-in page. If it stays, the log of “meridian serve” has the reason.',
    cause,
  });
}
