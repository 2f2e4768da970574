import { expect, it } from 'vitest';
import { withoutSecrets, withSecrets } from './typed-secrets.ts';

const recipe = {
  source: { hostPort: 'http://atlas', username: 'ada', password: 'hunter2' },
  workflowConfig: { securityConfig: { jwtToken: '${env:TOKEN}', secretKey: '' } },
  list: ['a', 1],
};

it('secrets are taken out of what is shown, and put back for the server', () => {
  const { shown, secrets } = withoutSecrets(recipe);
  expect(shown).toEqual({ ...recipe, source: { ...recipe.source, password: '***' } });
  expect(secrets).toEqual({ 'source.password': 'hunter2' });
  expect(withSecrets(shown, secrets)).toEqual(recipe);
});

it('the mask of a stored secret stays', () => {
  const stored = { source: { password: '***' } };
  expect(withoutSecrets(stored)).toEqual({ shown: stored, secrets: {} });
  expect(withSecrets(stored, {})).toEqual(stored);
});
