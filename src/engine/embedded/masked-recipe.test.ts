import { expect, it } from 'vitest';
import { maskedRecipe, withKeptSecrets } from './masked-recipe.ts';

const recipe = {
  source: {
    serviceConnection: {
      config: {
        hostPort: 'https://reader:pa%20ss@atlas.example',
        username: 'reader',
        password: 'pa ss',
        extraHeaders: { 'X-Auth': 'let-me-in', 'X-Team': 'data' },
      },
    },
  },
  workflowConfig: { securityConfig: { jwtToken: '${env:TOKEN}', clientSecret: 'secret:vault/x', secretKey: 'abc' } },
};

it('shows a recipe without its secrets, and with what only refers to some', () => {
  const shown = maskedRecipe(recipe);
  expect(shown).toEqual({
    source: {
      serviceConnection: {
        config: {
          hostPort: 'https://reader:***@atlas.example',
          username: 'reader',
          password: '***',
          extraHeaders: { 'X-Auth': '***', 'X-Team': 'data' },
        },
      },
    },
    workflowConfig: { securityConfig: { jwtToken: '${env:TOKEN}', clientSecret: 'secret:vault/x', secretKey: '***' } },
  });
});

it('puts kept secrets back, and nothing where there was none', () => {
  expect(withKeptSecrets(maskedRecipe(recipe), recipe)).toEqual(recipe);
  const edited = structuredClone(maskedRecipe(recipe)) as {
    source: { serviceConnection: { config: Record<string, unknown> } };
  };
  edited.source.serviceConnection.config['password'] = 'new';
  edited.source.serviceConnection.config['username'] = '***';
  edited.source.serviceConnection.config['token'] = '***';
  const { config } = (withKeptSecrets(edited, recipe) as typeof edited).source.serviceConnection;
  expect(config['password']).toBe('new');
  // Not a way to have a secret shown: only its own place takes it.
  expect(config['username']).toBe('***');
  expect(config['token']).toBe('***');
});

it('shows nothing of a connection whose connector is not loaded here: nobody else knows which keys are passwords', () => {
  const config = { hostPort: 'http://shop.example', pin: 'bakers-dozen' };
  const external = { source: { type: '/opt/not-loaded-here', serviceConnection: { config } } };
  const shown = maskedRecipe(external);
  expect(shown).toMatchObject({
    source: { type: '/opt/not-loaded-here', serviceConnection: { config: { pin: '***' } } },
  });
  expect(JSON.stringify(shown)).not.toContain('bakers');
  expect(withKeptSecrets(shown, external)).toEqual(external);
});
