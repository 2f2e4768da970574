import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { selfSigned } from '../http/certificates.testing.ts';
import { airflowMailSettings } from './airflow-mail-settings.ts';
import { type MailSettings, sendMail } from './mail.ts';
import { type SmtpBehaviour, type SmtpStandIn, startSmtp } from './smtp-server.testing.ts';

const login = { user: 'ingest', password: 'correct horse' };
const message = { to: ['ops@corp.example'], subject: 'Failed:\nhive', text: 'Why it failed: é.\n.\nEnd' };

let server: SmtpStandIn | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function start(behaviour: SmtpBehaviour, more: Partial<MailSettings> = {}): Promise<MailSettings> {
  server = await startSmtp(behaviour);
  return { host: server.host, port: server.port, from: 'meridian@corp.example', tls: 'none', ...more };
}

it('a mail arrives with sender, recipients, a subject of one line and its whole text', async () => {
  await sendMail(await start({}), { ...message, to: ['ops@corp.example', ' lead@corp.example ', ''] });
  expect(server!.mails).toHaveLength(1);
  const { from, to, text } = server!.mails[0]!;
  expect({ from, to }).toEqual({ from: 'meridian@corp.example', to: ['ops@corp.example', 'lead@corp.example'] });
  expect(text).toContain('Subject: Failed: hive\n');
  expect(text).toMatch(/\n\.\nEnd/);
});

it('signs in, over STARTTLS', async () => {
  const { certificate, key } = selfSigned('localhost');
  const settings = await start({ login, tls: { cert: certificate, key } }, { tls: 'starttls', ...login });
  await expect(sendMail(settings, message)).rejects.toMatchObject({ code: 'mail.unreachable' });
  await sendMail({ ...settings, verifyCertificate: false }, message);
  expect(server!.mails).toMatchObject([{ encrypted: true, user: 'ingest' }]);
});

it('a server without the TLS that was asked for gets neither password nor mail', async () => {
  const settings = await start({ login }, { tls: 'starttls', ...login });
  await expect(sendMail(settings, message)).rejects.toMatchObject({ code: 'mail.unreachable' });
  expect(server!.mails).toEqual([]);
});

it('a refused password is told, and not shown, though the server repeats it', async () => {
  const settings = await start({ login, echoes: true }, { user: 'ingest', password: 'wrong-and-secret' });
  const error = await sendMail(settings, message).catch((caught: unknown) => caught as Error);
  expect(error).toMatchObject({ code: 'mail.sign-in', exitCode: 3 });
  expect(error?.message).toContain('not with ***');
});

it('a recipient that nobody knows is named, and the others get their mail', async () => {
  const settings = await start({ unknown: ['gone@corp.example'] });
  await expect(sendMail(settings, { ...message, to: ['ops@corp.example', 'gone@corp.example'] })).rejects.toMatchObject(
    {
      code: 'mail.refused',
      message: expect.stringContaining('gone@corp.example'),
    },
  );
  expect(server!.mails).toMatchObject([{ to: ['ops@corp.example'] }]);
  await expect(sendMail(settings, { ...message, to: ['gone@corp.example'] })).rejects.toMatchObject({
    code: 'mail.refused',
  });
});

it('no server, and a server of another kind, are told as such', async () => {
  const settings = await start({ greeting: 'HTTP/1.1 400 Bad Request' });
  await expect(sendMail(settings, message)).rejects.toMatchObject({ code: 'mail.unreachable', exitCode: 3 });
  await server!.close();
  server = undefined;
  await expect(sendMail(settings, message)).rejects.toMatchObject({ code: 'mail.unreachable' });
});

it('settings that cannot work are told before anything is contacted', async () => {
  const settings: MailSettings = { host: 'mail.corp.example', port: 25, from: 'a@b.example', tls: 'none' };
  for (const wrong of [{ host: '' }, { port: 0 }, { from: 'nobody' }]) {
    await expect(sendMail({ ...settings, ...wrong }, message)).rejects.toMatchObject({ code: 'mail.settings' });
  }
  await expect(sendMail(settings, { ...message, to: ['  '] })).rejects.toMatchObject({ code: 'mail.settings' });
});

it('an Airflow’s own settings: [smtp] of its configuration, its variables, or a connection', async () => {
  const home = await mkdtemp(join(tmpdir(), 'meridian-airflow-'));
  try {
    const cfg =
      '[smtp]\nsmtp_host = mail.corp.example\nsmtp_starttls = False\nsmtp_user = u\nsmtp_mail_from = a@b.example\n';
    await writeFile(join(home, 'airflow.cfg'), cfg);
    const env = { AIRFLOW_HOME: home, AIRFLOW__SMTP__SMTP_PASSWORD: 'p', AIRFLOW__SMTP__SMTP_PORT: '587' };
    expect(airflowMailSettings(env)).toEqual({
      host: 'mail.corp.example',
      port: 587,
      from: 'a@b.example',
      tls: 'none',
      timeoutSeconds: 30,
      user: 'u',
      password: 'p',
    });
    expect(airflowMailSettings(env, { login: 'c', password: 'd', extra: {} })).toMatchObject({
      user: 'c',
      password: 'd',
    });
    const extra = { from_email: 'c@d.example', disable_ssl: true };
    expect(airflowMailSettings(env, { host: 'other.example', login: 'x', extra })).toEqual({
      host: 'other.example',
      port: 25,
      from: 'c@d.example',
      tls: 'starttls',
      timeoutSeconds: 30,
      user: 'x',
    });
    expect(airflowMailSettings({ AIRFLOW_HOME: join(home, 'nowhere') })).toBeUndefined();
    const wrong = { ...env, AIRFLOW__SMTP__SMTP_PORT: 'x' };
    expect(() => airflowMailSettings(wrong)).toThrow('smtp_port “x” is no number');
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
