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

  it('leaves JSON valid where a secret is also a number or a word of JSON', () => {
    const numbers = new Redactor(['123456', 'true']);
    const shown = numbers.redact(JSON.stringify({ writes: 123456, ok: true, text: 'is 123456' }));
    expect(JSON.parse(shown)).toEqual({ writes: '***', ok: '***', text: 'is ***' });
  });

  it('finds a short secret behind what is no part of a word', () => {
    const plain = new Redactor(['admin']);
    expect(plain.redact(JSON.stringify({ said: 'user:\nadmin' }))).toBe('{"said":"user:\\n***"}');
    expect(plain.redact('\u001b[31madmin\u001b[39m')).toBe('\u001b[31m***\u001b[39m');
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

describe('every form of a secret', () => {
  const odd = `qu'o"t\\e<&>/ü é+=`;
  const both = new Redactor([odd]);

  it.each([
    ['in the name part of an address', Object.assign(new URL('http://host'), { password: odd }).href],
    ['in a query', `?${new URLSearchParams({ token: odd })}`],
    ['in a path', encodeURI(odd)],
    ['strictly percent-encoded', encodeURIComponent(odd).replaceAll("'", '%27')],
    ['in small percent codes', encodeURIComponent(odd).replaceAll(/%../g, (code) => code.toLowerCase())],
    ['in JSON within JSON', JSON.stringify({ body: JSON.stringify({ password: odd }) })],
    ['in JSON of plain ASCII', JSON.stringify(odd).replace('ü', '\\u00fc').replace('é', '\\u00e9')],
    ['on a web page', `<p>${odd.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</p>`],
  ])('is hidden %s', (_, text) => {
    const shown = both.redact(text);
    expect(shown).toContain('***');
    expect(shown).not.toMatch(/qu|[Üü]|t.?e/);
  });

  it('is hidden line by line where it is a PEM, however that is broken', () => {
    const lines = Array.from({ length: 4 }, (_, i) => `MIIEvLine${i}`.padEnd(64, 'AbC9'));
    const pem = `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
    for (const given of [pem, pem.replaceAll('\n', '\\n'), pem.replaceAll('\n', '\r\n')]) {
      const key = new Redactor([given]);
      const rewrapped = lines.join('').match(/.{1,76}/g)!;
      for (const text of [pem, lines[2]!, rewrapped[1]!, lines.join(''), JSON.stringify({ pem })]) {
        expect(key.redact(`found ${text}`)).not.toMatch(/MIIEv|AbC9/);
      }
      expect(key.redact('-----BEGIN CERTIFICATE-----')).toBe('-----BEGIN CERTIFICATE-----');
    }
  });

  it('is hidden where it is a value in the JSON of a key, and the open values are shown', () => {
    const account = new Redactor([
      JSON.stringify({
        client_email: 'meridian@p.example',
        token_uri: 'https://o.example/t',
        private_key: 'k3y-of-it-all',
      }),
    ]);
    expect(account.redact('meridian@p.example https://o.example/t k3y-of-it-all')).toBe(
      'meridian@p.example https://o.example/t ***',
    );
  });
});

describe('what it learns', () => {
  it('is masked from then on, in every form', () => {
    const growing = new Redactor(['given-at-first']);
    expect(growing.redact('token-of-later')).toBe('token-of-later');
    growing.learn('token-of-later');
    expect(growing.redact('given-at-first token-of-later')).toBe('*** ***');
    expect(growing.redact(Buffer.from('token-of-later').toString('base64'))).toBe('***');
  });

  it('is bounded: tokens that ended long ago make room, those in use stay', () => {
    const growing = new Redactor([]);
    growing.learn('always-in-use');
    for (let hour = 0; hour < 1000; hour += 1) {
      growing.learn(`token-of-hour-${hour}`);
      growing.learn('always-in-use');
    }
    expect(growing.redact('always-in-use token-of-hour-999 token-of-hour-990')).toBe('*** *** ***');
    expect(growing.redact('token-of-hour-1')).toBe('token-of-hour-1');
  });

  it('keeps a key in mind, which is told only once', () => {
    const growing = new Redactor([]);
    growing.learn('-----BEGIN PRIVATE KEY-----\nline-of-the-private-key\n-----END PRIVATE KEY-----\n');
    for (let hour = 0; hour < 1000; hour += 1) growing.learn(`token-of-hour-${hour}`);
    expect(growing.redact('it has line-of-the-private-key')).toBe('it has ***');
  });

  it('never blanks out words, when an empty text is learned', () => {
    const growing = new Redactor([]);
    growing.learn('');
    expect(growing.redact('nothing is hidden')).toBe('nothing is hidden');
  });

  it('can be kept to secrets of some length', () => {
    const mixed = new Redactor(['admin', 'longer-than-words']);
    expect(mixed.redactValue({ a: 'admin', b: 'is longer-than-words' }, 8)).toEqual({ a: 'admin', b: 'is ***' });
  });
});
