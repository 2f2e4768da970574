import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { airflowValue } from '../config/airflow-reference.ts';
import { airflowReferences } from './airflow-references.ts';
import { replaceSecrets } from './replace-secrets.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-secrets-'));
  writeFileSync(join(folder, 'client.pem'), 'key');
  writeFileSync(join(folder, 'hive'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

const replaced = (recipe: Record<string, unknown>) => replaceSecrets(recipe, 'company.atlas', folder);

describe('replaceSecrets', () => {
  it('puts a reference in place of each secret, wherever it stands', () => {
    const recipe = {
      source: {
        serviceConnection: {
          config: {
            username: 'reader',
            password: 'pl4nted-1',
            hostPort: 'http://reader:pl4nted-2@atlas.example:21000/?token=pl4nted-3&page=1',
            connectionArguments: { headers: { Authorization: 'Basic pl4nted-4' }, token: 'pl4nted-5' },
          },
        },
      },
      workflowConfig: {
        openMetadataServerConfig: {
          securityConfig: { jwtToken: 'pl4nted-6', clientId: 'open' },
          extraHeaders: { 'X-Api-Key': 'pl4nted-7' },
        },
      },
      meridian: { state: { connectionString: 'postgres://m:pl4nted-8@db/m' }, watch: { password: 12345678 } },
    };
    const { recipe: open, secrets } = replaced(recipe);
    const text = JSON.stringify(open);
    expect(text).not.toMatch(/pl4nted|12345678/);
    expect(secrets.map(({ value }) => value)).toEqual([
      'pl4nted-1',
      'pl4nted-2',
      'pl4nted-3',
      'Basic pl4nted-4',
      'pl4nted-5',
      'pl4nted-6',
      'pl4nted-7',
      'postgres://m:pl4nted-8@db/m',
      '12345678',
    ]);
    const ids = secrets.map(({ connectionId }) => connectionId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids[0]).toBe('company_atlas_source_password');
    expect(ids[5]).toBe('company_atlas_openmetadata_jwt_token');
    expect(ids.every((id) => /^[a-z0-9_]+$/.test(id))).toBe(true);
    expect(airflowReferences(open).connections).toEqual([...ids].sort());
    // Filled as the deploy says, each is again what stood there.
    const env = Object.fromEntries(
      secrets.map(({ connectionId, value }) => [
        `AIRFLOW_CONN_${connectionId.toUpperCase()}`,
        JSON.stringify({ conn_type: 'generic', password: value }),
      ]),
    );
    const back = text.replaceAll(/\$\{airflow:([^}]*)\}/g, (_, name: string) => {
      const found = airflowValue(name, env);
      return 'value' in found ? found.value : '?';
    });
    expect(JSON.parse(back)).toEqual({
      ...recipe,
      meridian: { ...recipe.meridian, watch: { password: '12345678' } },
    });
  });

  it('leaves references, managed secrets and paths of files alone', () => {
    const recipe = {
      password: '${env:ATLAS_PASSWORD}',
      token: 'Bearer ${file:token}',
      secretKey: 'secret:/om/key',
      sslKey: 'client.pem',
      connectionString: 'postgres://m:${env:STATE_PASSWORD}@db.example/m',
      hostPort: 'http://${env:USER}:${env:PASS}@atlas.example',
    };
    expect(replaced(recipe)).toEqual({ recipe, secrets: [] });
  });

  it('takes a password that is called like a file for a password', () => {
    expect(replaced({ password: 'hive' }).secrets).toHaveLength(1);
  });

  it('replaces the literal password of an address that also has references', () => {
    const { recipe } = replaced({ connectionString: 'postgres://m:pl4nted@${env:DB_HOST}/m' });
    expect(JSON.stringify(recipe)).not.toContain('pl4nted');
    expect(JSON.stringify(recipe)).toContain('@${env:DB_HOST}/m');
  });

  it('refuses what is half written out, half a reference', () => {
    expect(() => replaced({ password: 'pl4nted${env:REST}' })).toThrow(
      expect.objectContaining({ code: 'airflow.mixed-secret', message: expect.not.stringContaining('pl4nted') }),
    );
  });

  it('a secret keeps its connection when others come and go', () => {
    const one = replaced({ source: { password: 'a-password' } }).secrets[0]!.connectionId;
    const two = replaced({ source: { config: { token: 'a-token' }, password: 'a-password' } }).secrets;
    expect(two.map(({ connectionId }) => connectionId)).toContain(one);
  });
});
