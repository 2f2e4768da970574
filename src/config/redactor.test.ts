import { describe, expect, it } from 'vitest';
import { Redactor } from './redactor.ts';

const secret = 'p"a/s+s wörd=';
const redactor = new Redactor([secret]);

describe('Redactor', () => {
  it.each([
    ['as it is', `login with ${secret}!`, 'login with ***!'],
    ['in an address', `http://reader:${encodeURIComponent(secret)}@host/`, 'http://reader:***@host/'],
    ['in a form', `password=${encodeURIComponent(secret).replaceAll('%20', '+')}&x=1`, 'password=***&x=1'],
    ['in JSON', JSON.stringify({ password: secret }), '{"password":"***"}'],
    ['in base64', `token ${Buffer.from(secret).toString('base64')}`, 'token ***'],
  ])('hides a secret %s', (_, text, expected) => {
    expect(redactor.redact(text)).toBe(expected);
  });

  it('hides a secret behind basic authentication, whatever the user is called', () => {
    for (const user of ['a', 'bob', 'reader', 'someone@example.org']) {
      const header = Buffer.from(`${user}:${secret}`).toString('base64');
      const shown = redactor.redact(`Authorization: Basic ${header}`);
      expect(shown).toContain('***');
      const left = shown.replace('Authorization: Basic ', '').split('***')[0] ?? '';
      expect(Buffer.from(left, 'base64').toString()).not.toContain(secret.slice(0, 4));
    }
  });

  it('hides every one of several secrets, also where one begins like another', () => {
    const both = new Redactor(['topsecret', 'topsecret-and-more']);
    expect(both.redact('topsecret-and-more, topsecret')).toBe('***, ***');
  });

  it('leaves ordinary words alone when a password is one', () => {
    const plain = new Redactor(['admin']);
    expect(plain.redact('administrators of sales.admin_log')).toBe('administrators of sales.admin_log');
    expect(plain.redact('admin:admin at http://x?p%3Dadmin')).toBe('***:*** at http://x?p%3D***');
    expect(plain.redact(`Basic ${Buffer.from('admin').toString('base64')}`)).toBe('Basic ***');
  });

  it('hides very short secrets only where they are the whole text', () => {
    const short = new Redactor(['x1', '']);
    expect(short.redact('x1')).toBe('***');
    expect(short.redact('column x1 of table')).toBe('column x1 of table');
    expect(short.redact('')).toBe('');
  });

  it('goes through data, keys included, and leaves the original as it is', () => {
    const data = { list: [`is ${secret}`, 1, null], map: { [secret]: true } };
    expect(redactor.redactValue(data)).toEqual({ list: ['is ***', 1, null], map: { '***': true } });
    expect(data.list[0]).toContain(secret);
  });

  it('survives data that holds itself', () => {
    const data: Record<string, unknown> = { text: secret };
    data['self'] = data;
    expect(redactor.redactValue(data)).toEqual({ text: '***', self: undefined });
  });
});
