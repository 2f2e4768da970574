import { describe, expect, it } from 'vitest';
import { CookieJar } from './cookie-jar.ts';

const api = new URL('https://knox.example:8443/gateway/cdp/atlas/api/atlas/admin/version');

function jarWith(...lines: string[]): CookieJar {
  const jar = new CookieJar();
  jar.take(api, lines);
  return jar;
}

describe('cookies of a gateway', () => {
  it('are sent back, the ones of a longer path first', () => {
    const jar = jarWith('A=1; Path=/', 'KNOXSESSIONID=node01.x=; Path=/gateway/cdp; Secure; HttpOnly');
    expect(jar.header(api)).toBe('KNOXSESSIONID=node01.x=; A=1');
  });

  it('go to their path only, never over plain http when they are secure', () => {
    const jar = jarWith('A=1; Path=/gateway/cdp; Secure', 'B=2; Path=/gateway/cd');
    expect(jar.header(api)).toBe('A=1');
    expect(jar.header(new URL('https://knox.example:8443/other'))).toBeUndefined();
    expect(jar.header(new URL('http://knox.example:8443/gateway/cdp/x'))).toBeUndefined();
  });

  it('without a path belong to the folder that set them', () => {
    const jar = jarWith('A=1');
    expect(jar.header(api)).toBe('A=1');
    expect(jar.header(new URL('https://knox.example:8443/gateway/cdp/atlas/api/atlas/v2'))).toBeUndefined();
  });

  it('of another host are not taken', () => {
    expect(jarWith('A=1; Domain=evil.example; Path=/').header(api)).toBeUndefined();
    expect(jarWith('A=1; Domain=.example; Path=/').header(api)).toBe('A=1');
  });

  it.each([
    ['rememberMe=deleteMe; Path=/; Max-Age=0; Expires=Thu, 01-Jan-2099 00:00:00 GMT'],
    ['rememberMe=deleteMe; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
  ])('are let go when the server takes them back: %s', (line) => {
    const jar = jarWith('rememberMe=yes; Path=/');
    jar.take(api, line);
    expect(jar.header(api)).toBeUndefined();
  });

  it('end when their time is over', () => {
    const jar = new CookieJar();
    jar.take(api, 'A=1; Path=/; Max-Age=60', 1_000_000);
    expect(jar.header(api, 1_059_000)).toBe('A=1');
    expect(jar.header(api, 1_061_000)).toBeUndefined();
  });

  it('are forgotten when refused, but not those that came since', () => {
    const jar = jarWith('A=old; Path=/');
    jar.take(api, 'A=new; Path=/');
    jar.forget(api, 'A=old');
    expect(jar.header(api)).toBe('A=new');
    jar.forget(api, 'A=new');
    expect(jar.header(api)).toBeUndefined();
  });

  it.each([[''], ['=x'], ['novalue'], [';;;']])('that are none are passed over: “%s”', (line) => {
    expect(jarWith(line).header(api)).toBeUndefined();
  });

  it('are masked in what an error quotes', () => {
    const jar = jarWith('KNOXSESSIONID=s3cr3t-session; Path=/');
    expect(jar.mask('session s3cr3t-session has ended')).toBe('session *** has ended');
  });
});
