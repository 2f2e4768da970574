import { defaults } from '../config/defaults.ts';
import { closed, flag, type JsonSchema, oneOf, text, texts, whole } from './parts.ts';

const byDefault = defaults.airflow;

/** A time with its unit. A bare number is allowed here so that the rules can ask for the unit. */
const time = (description: string, value: string): JsonSchema => ({
  type: ['string', 'number'],
  description: `${description} Such as 90s, 5m, 1h.`,
  default: value,
});

/** `airflow:`, how the recipe becomes a DAG. An ingest does not look at it. */
export const airflowBlock: JsonSchema = closed('How the recipe becomes a DAG of Airflow (meridian airflow deploy).', {
  dagId: text('Id of the DAG; made from serviceName unless set.'),
  description: text('What Airflow shows beside the id.'),
  owner: text('Owner that Airflow shows.', { default: byDefault.owner, minLength: 1 }),
  email: texts('Who gets mail when a task has failed for good.'),
  emailOnFailure: flag('Send that mail.', byDefault.emailOnFailure),
  smtpConnectionId: text('Airflow connection of the SMTP server that the mail goes by.', {
    default: byDefault.smtpConnectionId,
  }),
  retries: { ...whole('How often a failed task is tried again.', 0, byDefault.retries), maximum: 100 },
  retryDelay: time('Time between two tries.', byDefault.retryDelay),
  executionTimeout: time('Time that a task may take.', byDefault.executionTimeout),
  startDate: text('Nothing is due before this: a day or a time, as ISO 8601.', { default: byDefault.startDate }),
  endDate: text('Nothing is due after this: a day or a time, as ISO 8601.'),
  schedule: {
    type: ['string', 'null'],
    description: 'Cron of five fields, or one of Airflow’s presets such as @hourly; null: on demand only.',
    default: byDefault.schedule,
  },
  timezone: text('Time zone of the schedule, such as Europe/Berlin.', { default: byDefault.timezone }),
  catchup: flag('Run also for the times since startDate that nobody was there for.', byDefault.catchup),
  maxActiveRuns: whole('Runs of the DAG at once.', 1, byDefault.maxActiveRuns),
  isPausedUponCreation: flag('Begin paused.', byDefault.isPausedUponCreation),
  tags: { ...texts('What the DAG is found by in Airflow.'), default: [...byDefault.tags] },
  form: oneOf(
    ['auto', 'native', 'bash'],
    'native: tasks run in Node (Airflow 3.3 and later). bash: a Bash operator calls Meridian. auto: native where Airflow knows the queue.',
    byDefault.form,
  ),
  queue: text(
    'Queue that airflow.cfg gives to Meridian’s coordinator; the Bash form has Airflow’s default queue unless this is set.',
    { default: byDefault.queue },
  ),
  partitions: {
    ...whole('Parts that an ingest is cut into at most, each a mapped task.', 1, byDefault.partitions),
    maximum: 64,
  },
  command: {
    ...texts('How workers start Meridian, such as [meridian]; Node and this very installation unless set.'),
    minItems: 1,
  },
});
