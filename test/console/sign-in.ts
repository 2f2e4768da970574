import type { TestPage } from '../browser/test-page.ts';
import { people } from './console-world.ts';

/** Signs in as somebody would, on the way to a page. */
export async function signIn({ page }: TestPage, who: keyof typeof people): Promise<void> {
  const { name, password } = people[who];
  await page.getByLabel('User name').fill(name);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor({ state: 'attached' });
}
