import { describe, expect, it } from 'vitest';
import { AuthenticationError, ConfigurationError } from '../errors.ts';
import { type OpenManager, resolveManagedSecrets } from './managed-secrets.ts';

const recipe = (provider: string | undefined, extra: object = {}) => ({
  source: {
    serviceName: 'secret:not-a-connection',
    serviceConnection: { config: { password: 'secret:/om/atlas', tableFilterPattern: { includes: ['secret:x'] } } },
  },
  workflowConfig: {
    openMetadataServerConfig: {
      ...(provider && { secretsManagerProvider: provider }),
      securityConfig: { jwtToken: 'secret:/om/token' },
      ...extra,
    },
  },
});

const asked: string[] = [];
const manager: OpenManager = async (provider, loader) => ({
  name: `${provider}, ${loader}`,
  read: async (id) => {
    asked.push(id);
    return { '/om/atlas': 'of-atlas', '/om/token': 'of-the-bot' }[id];
  },
});

describe('secret:<id>', () => {
  it('is looked up in connections and nowhere else, each once', async () => {
    asked.length = 0;
    const given = recipe('managed-aws', { sslConfig: { sslKey: 'secret:/om/token' } });
    const { value, uses, problems } = await resolveManagedSecrets(given, {}, manager);
    expect(problems).toEqual([]);
    expect(value).toMatchObject({
      source: {
        serviceName: 'secret:not-a-connection',
        serviceConnection: { config: { password: 'of-atlas', tableFilterPattern: { includes: ['secret:x'] } } },
      },
      workflowConfig: {
        openMetadataServerConfig: { securityConfig: { jwtToken: 'of-the-bot' }, sslConfig: { sslKey: 'of-the-bot' } },
      },
    });
    expect(asked).toEqual(['/om/atlas', '/om/token']);
    expect(uses.every(({ secret }) => secret)).toBe(true);
  });

  it('asks nobody where there is none', async () => {
    const { value } = await resolveManagedSecrets({ source: {} }, {}, () => Promise.reject(new Error('asked')));
    expect(value).toEqual({ source: {} });
  });

  it.each([undefined, 'db', 'noop', 'in-memory', 'of-another-kind'])(
    'is refused with provider %s',
    async (provider) => {
      const { problems } = await resolveManagedSecrets(recipe(provider), {}, manager);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatchObject({
        path: ['source', 'serviceConnection', 'config', 'password'],
        message: expect.stringMatching(/stay within the OpenMetadata server/),
      });
    },
  );

  it('that is missing is told at its place', async () => {
    const given = recipe('gcp', { sslConfig: { sslKey: 'secret:gone' } });
    const { problems } = await resolveManagedSecrets(given, {}, manager);
    expect(problems).toMatchObject([{ message: expect.stringMatching(/has no secret gone/) }]);
    expect(problems[0]!.path.join('.')).toBe('workflowConfig.openMetadataServerConfig.sslConfig.sslKey');
  });

  it('is a mistake of the recipe when the manager cannot be opened, and no mistake when it lets nobody in', async () => {
    const unset: OpenManager = () => Promise.reject(new ConfigurationError('secrets.settings', 'No vault is named.'));
    expect((await resolveManagedSecrets(recipe('aws'), {}, unset)).problems).toMatchObject([
      { message: 'No vault is named.' },
    ]);
    const closed: OpenManager = async () => ({
      name: 'it',
      read: () => Promise.reject(new AuthenticationError('secrets.not-allowed', 'No right.')),
    });
    await expect(resolveManagedSecrets(recipe('aws'), {}, closed)).rejects.toMatchObject({
      code: 'secrets.not-allowed',
      message: 'No right. (source.serviceConnection.config.password)',
    });
  });
});
