import type { FastifyBaseLogger } from 'fastify';
import type { Redactor } from '../config/redactor.ts';
import { RunNotices } from '../notices/run-notices.ts';
import type { OpenedEngine } from './open-engine.ts';
import type { ServeSettings } from './settings/serve-settings.ts';

const submissionPort = 587;

/** Tells of failed runs as the settings say; undefined where nobody wants to know, or the engine does not tell. */
export function startNotices(
  { notices, publicUrl }: ServeSettings,
  { history, events }: OpenedEngine,
  redactor: Redactor,
  log: FastifyBaseLogger,
): RunNotices | undefined {
  if (!notices) return undefined;
  if (!history || !events) {
    log.warn('this engine does not tell of failed runs: notices are off (Airflow has its own)');
    return undefined;
  }
  const { mail, webhooks } = notices;
  return new RunNotices({
    history,
    events,
    publicUrl,
    webhooks,
    ...(mail && {
      mail: { server: { ...mail, port: mail.port ?? submissionPort, tls: mail.tls ?? 'starttls' }, to: mail.to ?? [] },
    }),
    redact: (text) => redactor.redact(text),
    onFailure: (err, to) => log.error({ err, to }, 'a notice could not be sent'),
  });
}
