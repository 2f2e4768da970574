import { closed, flag, type JsonSchema, mapOfTexts, oneOf, secret, text, texts, whole } from './parts.ts';

const roleNames = ['viewer', 'operator', 'admin'];

/** The settings file of `meridian serve`. Texts may hold `${env:NAME}` and `${file:PATH}`. */
export const serveSettings: JsonSchema = closed('Settings of meridian serve.', {
  port: { ...whole('Port to listen on; 0 is any free one.', 0, 8586), maximum: 65_535 },
  host: text('Address to listen on. Beyond this machine it takes tls or behindProxy.', { default: '127.0.0.1' }),
  engine: oneOf(['embedded', 'airflow'], 'What runs the pipelines.', 'embedded'),
  airflow: closed(
    'The Airflow that runs the pipelines, with engine: airflow.',
    {
      url: text('Address of its API server or, before Airflow 3, web server.', { format: 'uri' }),
      username: text('User of its REST API; without one and without a token, anybody is let in.'),
      password: secret('Password of that user.'),
      token: secret('Bearer token in place of user and password.'),
      dags: text('Folder that it reads DAGs from, as this machine has it.'),
      bundles: text('Folder of the task bundles; meridian-bundles beside the DAGs folder unless set.'),
      command: { ...texts('How its workers start Meridian; this installation unless set.'), minItems: 1 },
      parseTimeoutSeconds: whole('Seconds that it may take to read a DAG file.', 1, 600),
    },
    ['url', 'dags'],
  ),
  publicUrl: text('Address that people know the service by, such as https://meridian.example.com. Needed for oidc.', {
    format: 'uri',
  }),
  behindProxy: flag(
    'A proxy stands before the service, speaks https, and sets X-Forwarded-For, -Host and -Proto.',
    false,
  ),
  tls: closed(
    'Certificate and key, each the path of a PEM file.',
    { cert: text('Certificate, with those in between.'), key: text('Its key.') },
    ['cert', 'key'],
  ),
  openMetadata: closed('The OpenMetadata server whose ingestion service this is.', {
    hostPort: text('Its address, ending in /api: its version is asked there.', { format: 'uri' }),
    version: text('Its version, where it cannot be asked.', { pattern: '^\\d+\\.\\d+\\.\\d+' }),
    jwtToken: secret('Token of a bot there: the catalogue looks with it at what pipelines of an Airflow have brought.'),
    csrf: flag('Whether its calls need the CSRF token, as with some versions.', false),
  }),
  defaults: text('YAML file with what is added to recipes by service; as --defaults.'),
  oidc: closed(
    'Sign-in at an identity provider (OpenID Connect).',
    {
      issuer: text('Address of the provider.', { format: 'uri' }),
      clientId: text('Client that Meridian is there.'),
      clientSecret: secret('Its secret; without one, PKCE alone.'),
      scopes: texts('Scopes to ask for; openid, profile and email unless set.'),
      nameClaim: text('Claim that names the user.', { default: 'preferred_username' }),
      rolesClaim: text('Claim with the user’s groups or roles.', { default: 'groups' }),
      roles: {
        type: 'object',
        description: 'Value of that claim → role here. Of several the greatest counts.',
        additionalProperties: oneOf(roleNames, 'Role.'),
      },
      defaultRole: oneOf(roleNames, 'Role of those without any of these; they are refused unless set.'),
      allowInsecure: flag('Take a provider that speaks http, on this machine.', false),
    },
    ['issuer', 'clientId'],
  ),
  notices: closed('Who is told when a run has failed for good.', {
    mail: closed(
      'By mail.',
      {
        to: texts('Recipients, beside those of the pipeline itself.'),
        host: text('SMTP server.'),
        port: whole('Its port.', 1, 587),
        from: text('Sender.'),
        user: text('User, where it wants one.'),
        password: secret('Password of that user.'),
        tls: oneOf(['implicit', 'starttls', 'none'], 'How the connection is protected.', 'starttls'),
        verifyCertificate: flag('Whether the server’s certificate is checked.', true),
      },
      ['host', 'from'],
    ),
    webhooks: {
      type: 'array',
      description: 'By a JSON message to an address.',
      items: closed(
        'One address.',
        {
          url: text('Where it is posted to.', { format: 'uri' }),
          headers: mapOfTexts('Headers to send along.'),
          secret: secret('Key of the signature in X-Meridian-Signature (HMAC-SHA256 of the body).'),
        },
        ['url'],
      ),
    },
  }),
  runs: closed('How the embedded engine runs pipelines.', {
    maxRuns: whole('Runs at once; by default what half of the memory has room for.', 1),
    memoryMegabytes: whole('Heap of a run, in megabytes.', 64, 1024),
    stopGraceSeconds: whole('Seconds from asking a run to stop until it is ended.', 1, 10),
    keepRuns: whole('Ended runs that are kept of each pipeline.', 1, 200),
    keepDays: whole('Days that ended runs are kept.', 1, 90),
  }),
});
