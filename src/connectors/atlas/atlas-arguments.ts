import { closed, type JsonSchema, mapOfTexts, oneOf, secret, text, whole } from '../../schema/parts.ts';

/** Ways to sign in at Atlas; `kerberos` is known in order to be refused with what to use instead. */
export const atlasSignIns = ['basic', 'token', 'knox', 'knoxsso', 'certificate', 'none', 'kerberos'] as const;

const { additionalProperties: _, ...known } = closed(
  'Sign-in, headers, time limit and TLS. Other arguments are kept for recipes that have them; no effect here.',
  {
    auth: oneOf(
      atlasSignIns,
      'How we sign in: with username and password (basic), a bearer token, at Knox, as at its login form (knoxsso), by the client’s certificate, or not at all.',
      'basic',
    ),
    token: secret('Bearer token (auth token or knox), or the path of a file that holds it.'),
    passcode: secret('Passcode that Knox gave out (auth knox).'),
    tokenUrl: text('Address of Knox’ token service, asked with username and password (auth knox).', { format: 'uri' }),
    ssoUrl: text('Address of KnoxSSO, …/knoxsso/api/v1/websso (auth knoxsso); found from hostPort unless set.', {
      format: 'uri',
    }),
    headers: mapOfTexts('Headers added to each request.'),
    timeoutSeconds: whole('Seconds until an answer must have begun; in place of meridian.atlas.timeoutSeconds.', 1),
    verifySSL: oneOf(
      ['no-ssl', 'ignore', 'validate'],
      'How Atlas’ certificate is checked: no-ssl as usual for https, ignore not at all, validate against sslConfig.',
      'no-ssl',
    ),
    sslConfig: closed('Certificates, each as a path or as PEM text.', {
      caCertificate: text('Authority that Atlas’ certificate comes from.'),
      sslCertificate: text('Certificate of the client, where the server asks for one.'),
      sslKey: secret('Key of that certificate.'),
    }),
  },
);

/** `source.serviceConnection.config.connectionArguments`. */
export const atlasArguments: JsonSchema = known;

const signsInBy = (...ways: readonly string[]): JsonSchema => ({
  required: ['connectionArguments'],
  properties: { connectionArguments: { required: ['auth'], properties: { auth: { enum: ways } } } },
});
const argumentsWith = (...keys: readonly string[]): JsonSchema => ({
  properties: { connectionArguments: { required: keys } },
});
const userAndPassword: JsonSchema = { required: ['username', 'password'] };

/** Conditions on the connection: which keys a way to sign in needs. */
export const atlasSignInConditions: readonly JsonSchema[] = [
  // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
  { if: { not: signsInBy('token', 'knox', 'certificate', 'none', 'kerberos') }, then: userAndPassword },
  // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
  { if: signsInBy('token'), then: argumentsWith('token') },
  {
    if: signsInBy('knox'),
    // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
    then: {
      anyOf: [argumentsWith('token'), argumentsWith('passcode'), { ...argumentsWith('tokenUrl'), ...userAndPassword }],
    },
  },
  // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
  { if: signsInBy('certificate'), then: argumentsWith('sslConfig') },
];
