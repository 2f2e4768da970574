import { defaults } from '../config/defaults.ts';
import { closed, type JsonSchema, secret, text, texts } from './parts.ts';

/** Every word that `authProvider` may be, from OpenMetadata 1.0 to 1.13. */
export const authProviders = [
  'openmetadata',
  'no-auth',
  'basic',
  'azure',
  'google',
  'okta',
  'auth0',
  'aws-cognito',
  'custom-oidc',
  'ldap',
  'saml',
] as const;

/** A token of the server's own: what `openmetadata` takes, and since OpenMetadata 1.3 every provider. */
export const tokenSignIn = closed(
  'Sign-in with a token that OpenMetadata made.',
  { jwtToken: secret('Token of a bot or a person, or the path of a file that holds it.') },
  ['jwtToken'],
);

const customOidc = closed(
  'Sign-in at an OpenID Connect provider (Keycloak, OneLogin …) with client credentials.',
  {
    clientId: text('Client id.'),
    secretKey: secret('Client secret.'),
    tokenEndpoint: text('Address that gives tokens.'),
    domain: text('Domain of the provider, where a recipe has it in place of tokenEndpoint.'),
  },
  ['clientId', 'secretKey'],
);

/** `securityConfig` by provider, for those that have a shape of their own. */
export const providerSignIns: Readonly<Record<string, JsonSchema>> = {
  auth0: closed(
    'Sign-in at Auth0 with client credentials.',
    {
      clientId: text('Client id.'),
      secretKey: secret('Client secret.'),
      domain: text('Domain of the tenant, such as company.eu.auth0.com.'),
    },
    ['clientId', 'secretKey', 'domain'],
  ),
  azure: closed(
    'Sign-in at Microsoft Entra ID with client credentials.',
    {
      clientSecret: secret('Client secret.'),
      authority: text('Authority, such as https://login.microsoftonline.com/TENANT.'),
      clientId: text('Client id.'),
      scopes: texts('Scopes to ask for, usually CLIENT-ID/.default.'),
    },
    ['clientSecret', 'authority', 'clientId', 'scopes'],
  ),
  'custom-oidc': { ...customOidc, anyOf: [{ required: ['tokenEndpoint'] }, { required: ['domain'] }] },
  google: closed(
    'Sign-in with a Google service account.',
    {
      secretKey: secret('Path or content of the account’s JSON key.'),
      audience: text('Audience of the token.', { default: defaults.openMetadata.googleAudience }),
    },
    ['secretKey'],
  ),
  okta: closed(
    'Sign-in at Okta with a signed assertion.',
    {
      clientId: text('Client id.'),
      orgURL: text('Address that gives tokens, …/v1/token.'),
      privateKey: secret('Private key of the client, PEM or JWK.'),
      email: text('Mail address of the service account.'),
      scopes: texts('Scopes to ask for.'),
    },
    ['clientId', 'orgURL', 'privateKey', 'email'],
  ),
  'aws-cognito': closed(
    'Sign-in at Amazon Cognito with client credentials.',
    {
      clientId: text('Client id.'),
      secretKey: secret('Client secret.'),
      domain: text('Domain of the user pool, such as company.auth.eu-central-1.amazoncognito.com.'),
      scopes: texts('Scopes to ask for; all that the client has unless set.'),
    },
    ['clientId', 'secretKey', 'domain'],
  ),
};

const ownShape = Object.keys(providerSignIns);
const securityIs = (shape: JsonSchema): JsonSchema => ({ properties: { securityConfig: shape } });
const hasToken: JsonSchema = { required: ['jwtToken'] };

/** Conditions on `openMetadataServerConfig`: which `securityConfig` belongs to which `authProvider`. */
export const signInConditions: readonly JsonSchema[] = [
  ...ownShape.map((name) => ({
    if: {
      required: ['authProvider', 'securityConfig'],
      properties: { authProvider: { const: name }, securityConfig: { not: hasToken } },
    },
    // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
    then: securityIs(providerSignIns[name]!),
  })),
  {
    if: {
      anyOf: [
        { not: { required: ['authProvider'] } },
        { properties: { authProvider: { not: { enum: ownShape } } } },
        { required: ['securityConfig'], properties: { securityConfig: hasToken } },
      ],
    },
    // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
    then: securityIs(tokenSignIn),
  },
];
