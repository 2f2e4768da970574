import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { digestTarget } from '../sandbox/openmetadata/digest.ts';
import { type OpenMetadataStandIn, startOpenMetadata } from '../sandbox/openmetadata/start-openmetadata.ts';
import { makeToken } from '../sandbox/openmetadata/token.ts';
import { AuthenticationError, ConnectionError, MeridianError } from '../src/errors.ts';
import { isWrite } from '../src/reconcile/change.ts';
import { type Bench, openBench, type RunOptions } from './recorded-atlas.ts';

/** Few and quick retries are not a setting of the target: only reads of Atlas are told to give up early. */
const hasty: RunOptions = { meridian: { atlas: { retries: 1 } } };
/** How often a PUT is sent when the server keeps saying that somebody else was faster. */
const triesOfPut = 4;
const writes = (om: OpenMetadataStandIn) => om.requests().filter((request) => request.method !== 'GET');

/** A token with the times of another, as it is after its end. */
function expiredToken(): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part({ sub: 'ingestion-bot', exp: 1_700_000_000 })}.c2lnbmF0dXJl`;
}

describe('what goes wrong on the way', () => {
  let atlas: AtlasStandIn;
  let bench: Bench;
  const secret = 'pa55-wörd-of-atlas';

  beforeEach(async () => {
    atlas = await startAtlas({ generate: { tables: 30, columns: 5, seed: 1 } });
    bench = await openBench('1.5.0');
  });
  afterEach(async () => {
    await atlas.close();
    await bench.close();
  });

  const failureOf = async (run: Promise<unknown>): Promise<MeridianError> => {
    const error = await run.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(MeridianError);
    return error as MeridianError;
  };
  const expectClear = (error: MeridianError, kind: new (...args: never[]) => Error, mentions: RegExp): void => {
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toMatch(mentions);
    expect(error.help?.length).toBeGreaterThan(20);
    expect(error.message).not.toContain(bench.openmetadata.botToken);
  };
  const runAt = (place: { atlas?: Partial<AtlasStandIn>; om?: Partial<OpenMetadataStandIn> }, options = hasty) => {
    const other: Bench = bench;
    return other.run({ ...atlas, ...place.atlas } as AtlasStandIn, {
      ...options,
      more: {
        ...options.more,
        ...(place.om && {
          workflowConfig: {
            openMetadataServerConfig: {
              hostPort: place.om.url ?? bench.openmetadata.url,
              authProvider: 'openmetadata',
              securityConfig: { jwtToken: place.om.botToken ?? bench.openmetadata.botToken },
            },
          },
        }),
      },
    });
  };

  describe('ends with one clear error and writes nothing', () => {
    afterEach(() => {
      expect(writes(bench.openmetadata)).toEqual([]);
    });

    it('when nothing listens at the address of Atlas', async () => {
      expectClear(await failureOf(runAt({ atlas: { url: 'http://127.0.0.1:1' } })), ConnectionError, /Apache Atlas/);
    });

    it('when nothing listens at the address of OpenMetadata', async () => {
      expectClear(await failureOf(runAt({ om: { url: 'http://127.0.0.1:1/api' } })), ConnectionError, /OpenMetadata/);
    });

    it('when Atlas stands where OpenMetadata is expected, and the other way round', async () => {
      expectClear(await failureOf(runAt({ om: { url: `${atlas.url}/api` } })), ConnectionError, /OpenMetadata/);
      const { url } = bench.openmetadata;
      expectClear(await failureOf(runAt({ atlas: { url: url.replace(/\/api$/, '') } })), MeridianError, /Atlas/);
    });

    it('when the password of Atlas is wrong', async () => {
      await atlas.close();
      atlas = await startAtlas({ generate: { tables: 3, columns: 2, seed: 1 }, password: secret });
      expectClear(await failureOf(runAt({})), AuthenticationError, /Apache Atlas/);
    });

    it('when the token is forged or expired', async () => {
      const forged = makeToken('ingestion-bot', true);
      const error = await failureOf(runAt({ om: { botToken: forged } }));
      expectClear(error, AuthenticationError, /token/);
      expect(`${error.message} ${error.help}`).not.toContain(forged);
      expectClear(await failureOf(runAt({ om: { botToken: expiredToken() } })), AuthenticationError, /expired/);
      bench.openmetadata.faults.set([{ kind: 'expired-token' }]);
      expectClear(await failureOf(runAt({})), AuthenticationError, /OpenMetadata/);
    });

    it.each(['html', 'login-page'] as const)('when a sign-in page answers (%s)', async (kind) => {
      atlas.faults.set([{ kind }]);
      expectClear(await failureOf(runAt({})), ConnectionError, /Apache Atlas/);
      atlas.faults.clear();
      bench.openmetadata.faults.set([{ kind }]);
      expectClear(await failureOf(runAt({})), ConnectionError, /OpenMetadata/);
    });

    it('when every answer breaks off half-way', async () => {
      atlas.faults.set([{ kind: 'half' }]);
      expectClear(await failureOf(runAt({})), ConnectionError, /Apache Atlas/);
    });
  });

  it('a search of Atlas that always breaks off never makes tables look gone', async () => {
    await bench.run(atlas);
    const before = await digestTarget(bench.openmetadata.url, bench.openmetadata.botToken);
    atlas.faults.set([{ kind: 'half', match: 'search/basic', after: 1 }]);
    const outcome = await bench.run(atlas, hasty).catch((error: unknown) => error as MeridianError);
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(ConnectionError);
    else {
      expect(outcome.report.state).not.toBe('success');
      expect(outcome.changes.filter((change) => change.action === 'gone')).toEqual([]);
    }
    expect(await digestTarget(bench.openmetadata.url, bench.openmetadata.botToken)).toBe(before);
  });

  it.each([
    ['429', { retryAfter: 0 }],
    ['500', {}],
    ['503', { retryAfter: 0 }],
    ['drop', {}],
    ['drop-after', {}],
    ['half', {}],
  ] as const)(
    '%s now and then heals, and ends as an undisturbed run does',
    async (kind, more) => {
      await using clean = await startOpenMetadata({ version: '1.5.0', botToken: bench.openmetadata.botToken });
      const undisturbed = await runAt({ om: { url: clean.url } });
      expect(undisturbed.report.state).toBe('success');
      atlas.faults.set([{ kind, ...more, probability: 0.2, seed: 5 }]);
      // Signing in comes first and is tried least often: it is left in peace.
      bench.openmetadata.faults.set([{ kind, ...more, match: '^(PUT|PATCH|POST)', probability: 0.1, seed: 7 }]);
      const { report } = await bench.run(atlas);
      expect(report.failures).toEqual([]);
      expect(report.state).toBe('success');
      expect(bench.openmetadata.faults.injected).toBeGreaterThan(0);
      bench.openmetadata.faults.clear();
      atlas.faults.clear();
      const digest = await digestTarget(bench.openmetadata.url, bench.openmetadata.botToken);
      expect(digest).toBe(await digestTarget(clean.url, clean.botToken));
      const second = await bench.run(atlas);
      expect(second.changes.filter(isWrite)).toEqual([]);
    },
    60_000,
  );

  describe('one refused entity', () => {
    /** One request at a time, so that the refusals of a request and of its repetitions are those of one table. */
    const oneByOne: RunOptions = { meridian: { concurrency: 1 } };
    const refuse = (tables: number) =>
      bench.openmetadata.faults.set([
        { kind: '409', match: 'PUT /api/v1/tables$', after: 3, times: tables * triesOfPut },
      ]);
    const filesOf = (folder: string): string[] =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));

    it('is a dead letter, and all others go on', async () => {
      refuse(1);
      const { report } = await bench.run(atlas, oneByOne);
      expect(report.state).toBe('partialSuccess');
      expect(report.failureCount).toBe(1);
      expect(report.stages.table).toMatchObject({ read: 30, created: 29, failed: 1 });
      const name = report.failures[0]!.name;
      expect(existsSync(report.deadLetters!)).toBe(true);
      const letters = readFileSync(report.deadLetters!, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      const own = letters.filter((letter) => letter.name === name);
      expect(own).toMatchObject([{ entityType: 'table', request: { method: 'PUT' }, answer: { status: 409 } }]);

      const healed = await bench.run(atlas);
      expect(healed.report.state).toBe('success');
      const assets = healed.changes.filter((change) => isWrite(change) && change.entityType === 'table');
      expect(assets.map((change) => change.fqn)).toEqual([name]);
    });

    it.each([
      [99, 'failed'],
      [10, 'partialSuccess'],
    ] as const)('many of them under successThreshold %d: %s', async (successThreshold, state) => {
      refuse(6);
      const openMetadataServerConfig = {
        hostPort: bench.openmetadata.url,
        authProvider: 'openmetadata',
        securityConfig: { jwtToken: bench.openmetadata.botToken },
      };
      const workflowConfig = { successThreshold, openMetadataServerConfig };
      const { report } = await bench.run(atlas, { ...oneByOne, more: { workflowConfig } });
      expect(report.state).toBe(state);
      expect(report.stages.table?.failed).toBe(6);
    });

    it('leaves no password and no token in reports, dead letters and state', async () => {
      await atlas.close();
      atlas = await startAtlas({ generate: { tables: 30, columns: 5, seed: 1 }, password: secret });
      const { openmetadata } = bench;
      const source = {
        type: 'Atlas',
        serviceName: 'local_atlas',
        serviceConnection: {
          config: {
            type: 'Atlas',
            hostPort: atlas.url,
            username: 'admin',
            password: secret,
            databaseServiceName: ['local_hive'],
            entity_type: 'hive_table',
          },
        },
        sourceConfig: { config: { type: 'DatabaseMetadata' } },
      };
      refuse(5);
      const { report } = await bench.run(atlas, { ...oneByOne, more: { source } });
      expect(report.failureCount).toBeGreaterThanOrEqual(5);
      const secrets = [
        secret,
        openmetadata.botToken,
        Buffer.from(`admin:${secret}`).toString('base64'),
        openmetadata.botToken.split('.')[2]!,
      ];
      const files = filesOf(bench.home);
      expect(files.length).toBeGreaterThanOrEqual(2);
      const written = [JSON.stringify(report), ...files.map((file) => readFileSync(file).toString('utf8'))];
      for (const text of written) for (const word of secrets) expect(text.includes(word)).toBe(false);
    });
  });
});
