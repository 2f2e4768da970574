import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { encodeRequest, FrameReader } from './frames.ts';
import type { AnswerMessage, RequestMessage, StartupDetails } from './messages.ts';
import { answerFrame, type Body, socketPair } from './supervisor.testing.ts';
import { Supervisor } from './supervisor.ts';

const folder = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'airflow');
const haveRecordings = existsSync(join(folder, 'recorded-frames.json'));

interface RecordedFrame {
  readonly direction: string;
  readonly id: number;
  readonly body: Body | null;
  readonly error?: Body;
}
interface Recording {
  readonly scenario: string;
  readonly try: number;
  readonly frames: readonly RecordedFrame[];
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
}

const isOurs = (frame: RecordedFrame): boolean => frame.direction.startsWith('task');

describe.skipIf(!haveRecordings)(
  'recordings of a real Airflow 3.3.2 (../shared/airflow is missing when skipped)',
  () => {
    const recordings = haveRecordings ? read<Recording[]>('recorded-frames.json') : [];

    it('every frame of every recorded run is sent and understood as it was', async () => {
      expect(recordings.length).toBe(35);
      for (const { scenario, frames, try: attempt } of recordings) await replay(`${scenario} ${attempt}`, frames);
    });

    it('wherever a stream is cut, the same frames come out', () => {
      const [plan] = recordings.filter(({ scenario }) => scenario === 'node_pipeline.plan');
      const theirs = plan!.frames.filter((frame) => !isOurs(frame));
      const bytes = Buffer.concat(theirs.map(({ id, body, error }) => answerFrame(id, body, error)));
      const whole = [...new FrameReader().push(bytes)];
      expect(whole.map(({ body }) => body)).toEqual(theirs.map(({ body }) => body));
      for (let cut = 1; cut < bytes.length; cut += 1) {
        const reader = new FrameReader();
        const frames = [...reader.push(bytes.subarray(0, cut)), ...reader.push(bytes.subarray(cut))];
        expect(frames.length).toBe(whole.length);
        expect(reader.atBoundary).toBe(true);
      }
      const one = new FrameReader();
      expect([...bytes].flatMap((byte) => [...one.push(Buffer.from([byte]))])).toEqual(whole);
    });

    it('what we send is what the schema of the release allows, and what we read is what it promises', () => {
      const schema = read<{ $defs: Record<string, { required?: string[]; properties: Record<string, unknown> }> }>(
        'supervisor-schema.json',
      );
      const ajv = new Ajv2020({ strict: false, validateFormats: false });
      ajv.addSchema(schema, 'supervisor');
      for (const [type, message] of Object.entries(samples)) {
        const validate = ajv.getSchema(`supervisor#/$defs/${type}`)!;
        expect(validate(message), `${type}: ${JSON.stringify(validate.errors)}`).toBe(true);
        const known = Object.keys(schema.$defs[type]!.properties);
        expect(known, type).toEqual(expect.arrayContaining(Object.keys(message)));
        for (const key of schema.$defs[type]!.required ?? []) expect(message, type).toHaveProperty(key);
      }
      for (const [type, fields] of Object.entries(readFields)) {
        const { properties } = schema.$defs[type]!;
        expect(Object.keys(properties), type).toEqual(expect.arrayContaining(fields));
      }
    });
  },
);

/** Plays Airflow's part of a recording; ours has to come in the same words. */
async function replay(name: string, frames: readonly RecordedFrame[]): Promise<void> {
  const { task, airflow, close } = await socketPair();
  const supervisor = new Supervisor(task);
  const [first, ...rest] = frames;
  airflow.write(answerFrame(0, first!.body));
  expect(await supervisor.startup, name).toEqual(first!.body);
  const received: unknown[] = [];
  const reader = new FrameReader();
  airflow.on('data', (piece) => {
    for (const { id, body } of reader.push(piece)) {
      received.push({ id, body });
      const answer = rest.find((frame) => !isOurs(frame) && frame.id === id);
      if (answer) airflow.write(answerFrame(id, answer.body, answer.error));
    }
  });
  const asked = rest.filter(isOurs);
  await Promise.all(
    asked
      .map(async ({ id, body }) => {
        const answer = rest.find((frame) => !isOurs(frame) && frame.id === id);
        const request = supervisor.request(body as unknown as RequestMessage);
        if (!answer) return expect(request, name).rejects.toMatchObject({ code: 'airflow.gone' });
        const refusal = answer.error ?? (answer.body?.['type'] === 'ErrorResponse' ? answer.body : undefined);
        if (refusal) {
          await expect(request, name).rejects.toMatchObject({
            code: 'airflow.refused',
            body: expect.stringContaining(String(refusal['error'])),
          });
        } else expect(await request, name).toEqual(answer.body);
      })
      .concat(
        (async () => {
          while (received.length < asked.length) await once(airflow, 'data');
          // The answers go out first: what was never answered is what is left when the connection ends.
          airflow.end();
        })(),
      ),
  );
  expect(received, name).toEqual(asked.map(({ id, body }) => ({ id, body })));
  await close();
}

const place = { key: 'return_value', dag_id: 'd', run_id: 'r', task_id: 't' };
const end_date = '2026-11-24T01:16:47.401Z';

/** One of each, with every field that we ever send. */
const samples: { [T in RequestMessage['type']]: RequestMessage & { type: T } } = {
  GetConnection: { type: 'GetConnection', conn_id: 'c' },
  GetVariable: { type: 'GetVariable', key: 'k' },
  MaskSecret: { type: 'MaskSecret', value: 'v', name: 'n' },
  SetRenderedMapIndex: { type: 'SetRenderedMapIndex', rendered_map_index: 'tables 1 of 2' },
  GetXCom: { type: 'GetXCom', ...place, map_index: -1 },
  GetXComCount: { type: 'GetXComCount', ...place },
  GetXComSequenceSlice: { type: 'GetXComSequenceSlice', ...place, start: null, stop: null, step: null },
  SetXCom: { type: 'SetXCom', ...place, map_index: -1, value: [{ a: 1 }], mapped_length: 1 },
  DeleteXCom: { type: 'DeleteXCom', ...place, map_index: 0 },
  SucceedTask: {
    type: 'SucceedTask',
    state: 'success',
    end_date,
    task_outlets: [{ type: 'Asset', name: 'n', uri: 'u' }],
    outlet_events: [{ dest_asset_key: { name: 'n', uri: 'u' }, extra: { runId: 'r' } }],
    rendered_map_index: 'x',
  },
  RetryTask: {
    type: 'RetryTask',
    state: 'up_for_retry',
    end_date,
    retry_reason: 'why',
    retry_delay_seconds: 1,
    rendered_map_index: 'x',
  },
  TaskState: { type: 'TaskState', state: 'failed', end_date, rendered_map_index: 'x' },
};

/** What our types read of each message. */
const readFields: { [T in AnswerMessage['type']]: (keyof Extract<AnswerMessage, { type: T }>)[] } & {
  StartupDetails: (keyof StartupDetails)[];
  TaskInstance: (keyof StartupDetails['ti'])[];
  TIRunContext: (keyof StartupDetails['ti_context'])[];
  DagRun: (keyof StartupDetails['ti_context']['dag_run'])[];
  ErrorResponse: string[];
} = {
  ConnectionResult: ['type', 'conn_id', 'conn_type', 'host', 'schema', 'login', 'password', 'port', 'extra'],
  VariableResult: ['type', 'key', 'value'],
  XComResult: ['type', 'key', 'value'],
  XComCountResponse: ['type', 'len'],
  XComSequenceSliceResult: ['type', 'root'],
  StartupDetails: ['type', 'ti', 'ti_context'],
  TaskInstance: ['id', 'dag_id', 'run_id', 'task_id', 'try_number', 'map_index', 'queue'],
  TIRunContext: ['dag_run', 'max_tries', 'should_retry', 'xcom_keys_to_clear'],
  DagRun: ['dag_id', 'run_id', 'logical_date', 'data_interval_start', 'data_interval_end', 'run_type', 'conf'],
  ErrorResponse: ['error', 'detail'],
};

it('texts that no database takes are made good before they are sent', () => {
  const bytes = encodeRequest(1, {
    type: 'SetXCom',
    value: { a: 'x\ud800y\0z', b: Number.NaN, c: undefined, d: new Date(0) },
  });
  const [frame] = [...new FrameReader().push(bytes)];
  expect(frame!.body).toEqual({ type: 'SetXCom', value: { a: 'x\ufffdyz', b: null, d: '1970-01-01T00:00:00.000Z' } });
});
