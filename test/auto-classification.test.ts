import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenMetadataStandIn, startOpenMetadata } from '../sandbox/openmetadata/start-openmetadata.ts';
import { type Client, clientOf } from '../sandbox/openmetadata/test-client.ts';
import { ScriptedEngine } from '../src/profiler/scripted-engine.testing.ts';
import type { Change } from '../src/reconcile/change.ts';
import type { RunReport } from '../src/workflow/report.ts';
import { Workflow } from '../src/workflow/workflow.ts';

const secret = (i: number): string => `person${i}@victim.example`;

describe.each(['1.1.0', '1.4.0', '1.13.0'])('personal data in tables of OpenMetadata %s', (version) => {
  const suggests = version !== '1.1.0';
  let om: OpenMetadataStandIn;
  let bot: Client;
  let person: Client;
  let home: string;

  beforeAll(async () => {
    om = await startOpenMetadata({ version, strict: true });
    bot = clientOf(om, 'bot');
    person = clientOf(om, 'admin');
    await bot.warehouse();
    home = await mkdtemp(join(tmpdir(), 'meridian-test-'));
    const none = { tagFQN: 'PII.None', source: 'Classification', labelType: 'Manual', state: 'Confirmed' };
    const text = { dataType: 'VARCHAR', dataLength: 100 };
    await person.put('/tables', {
      name: 'people',
      databaseSchema: 'hive.shop.sales',
      columns: [
        { name: 'id', dataType: 'INT' },
        { name: 'contact', ...text },
        { name: 'fake_mail', ...text, tags: [none] },
        { name: 'note', ...text },
      ],
    });
  });
  afterAll(async () => {
    await om.close();
    await rm(home, { recursive: true, force: true });
  });

  const engine = (): ScriptedEngine =>
    new ScriptedEngine({
      rows: ({ columns }) => ({
        columns: columns.map(({ name }) => name),
        rows: Array.from({ length: 60 }, (_, i) =>
          columns.map(({ name }) => (name === 'id' ? i : name === 'note' ? `note ${i}` : secret(i))),
        ),
      }),
    });

  async function run(config: object = {}): Promise<{ report: RunReport; changes: Change[]; engine: ScriptedEngine }> {
    const changes: Change[] = [];
    const asked = engine();
    const recipe = {
      source: {
        type: 'Atlas',
        serviceName: 'local_atlas',
        serviceConnection: {
          config: { username: 'u', password: 'unused-password', entity_type: 'x', databaseServiceName: ['hive'] },
        },
        sourceConfig: { config: { type: 'AutoClassification', ...config } },
      },
      sink: { type: 'metadata-rest' },
      workflowConfig: { openMetadataServerConfig: { hostPort: om.url, securityConfig: { jwtToken: om.botToken } } },
    };
    const workflow = await Workflow.create(recipe, {
      env: { MERIDIAN_HOME: home },
      engine: asked,
      onChange: (change) => changes.push(change),
    });
    const report = await workflow.execute();
    await workflow.stop();
    return { report, changes, engine: asked };
  }

  /** Columns with what was proposed for them, as `column: tag`. */
  async function proposals(): Promise<readonly string[]> {
    if (suggests) {
      const { body } = await person.get('/suggestions?entityFQN=hive.shop.sales.people');
      return body.data.map(
        ({ entityLink, tagLabels, status }: { entityLink: string; tagLabels: { tagFQN: string }[]; status: string }) =>
          `${/columns::(.*)>/.exec(entityLink)?.[1]}: ${tagLabels[0]?.tagFQN} ${status}`,
      );
    }
    const { body } = await person.get('/tables/name/hive.shop.sales.people?fields=tags,columns');
    return body.columns.flatMap(({ name, tags }: { name: string; tags: { tagFQN: string; state: string }[] }) =>
      tags.filter(({ state }) => state === 'Suggested').map(({ tagFQN }) => `${name}: ${tagFQN} Open`),
    );
  }

  const takeBack = async (): Promise<void> => {
    if (suggests) {
      const { body } = await person.get('/suggestions?entityFQN=hive.shop.sales.people');
      await person.put(`/suggestions/${body.data[0].id}/reject`, {});
      return;
    }
    const { body } = await person.get('/tables/name/hive.shop.sales.people?fields=tags,columns');
    const { status } = await person.patch(`/tables/${body.id}`, [{ op: 'remove', path: '/columns/1/tags/0' }]);
    expect(status).toBe(200);
  };

  it('is proposed, not decided: only where nobody has said anything, and without a value of it anywhere', async () => {
    const { report, changes, engine: asked } = await run({ storeSampleData: true, sampleDataCount: 55 });
    expect(report.failures).toEqual([]);
    expect(report).toMatchObject({
      state: 'success',
      stages: { tableProfile: { read: 1, unchanged: 1 }, tagSuggestion: { created: 1 }, sampleData: { created: 1 } },
    });
    expect(asked.asked).toEqual([]);
    expect(asked.sampled).toMatchObject([{ count: 55 }]);
    expect(await proposals()).toEqual(['contact: PII.Sensitive Open']);
    const [told] = changes.filter(({ entityType }) => entityType === 'tagSuggestion');
    expect(told).toMatchObject({
      fqn: 'hive.shop.sales.people.contact',
      reason: expect.stringMatching(/^PII\.Sensitive: looks like e-mail addresses, by values \(9\d(\.\d)? %\)$/),
    });
    const { body } = await bot.get('/tables/name/hive.shop.sales.people');
    const { sampleData } = (await bot.get(`/tables/${body.id}/sampleData`)).body;
    expect(sampleData.rows).toHaveLength(55);
    // Somebody has said that there is nothing personal in this one.
    expect(sampleData.rows[3]).toEqual([3, '********', secret(3), 'note 3']);
    const everywhere = JSON.stringify([report, changes, await proposals()]);
    expect(everywhere).not.toContain('victim');
  });

  it('comes but once, whatever became of the proposal', async () => {
    const { report } = await run();
    expect(report).toMatchObject({ state: 'success', target: { writes: 0 } });
    expect(await proposals()).toEqual(['contact: PII.Sensitive Open']);
    await takeBack();
    const { report: later } = await run();
    expect(later.stages.tagSuggestion).toMatchObject({ created: 0, unchanged: 1 });
    expect(await proposals()).toEqual(suggests ? ['contact: PII.Sensitive Rejected'] : []);
  });

  it('is a success also where nothing is found, and nothing is proposed below the confidence that is asked for', async () => {
    await rm(home, { recursive: true, force: true });
    const { report } = await run({ confidence: 99 });
    expect(report).toMatchObject({ state: 'success', target: { writes: 0 } });
    expect(report.stages.tagSuggestion).toBeUndefined();
    const { report: off } = await run({ enableAutoClassification: false, storeSampleData: true });
    expect(off.stages).toMatchObject({ sampleData: { created: 1 } });
    expect(off.stages.tagSuggestion).toBeUndefined();
  });
});
