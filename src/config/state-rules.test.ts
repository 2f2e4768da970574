import { describe, expect, it } from 'vitest';
import { secretsOf } from './secrets-of.ts';
import { stateFindings } from './state-rules.ts';

describe('where the memory of a recipe is', () => {
  it('is a file, or an address of a PostgreSQL database', () => {
    expect(stateFindings({})).toEqual([]);
    expect(stateFindings({ type: 'sqlite', path: 'a.db' })).toEqual([]);
    for (const connectionString of [
      'postgres://u:p@h/db',
      'postgresql://h:5432/db?sslmode=require',
      'postgres:///db',
    ]) {
      expect(stateFindings({ type: 'postgres', connectionString })).toEqual([]);
    }
  });

  it('is a mistake when the address is missing, or of something else, which is not shown', () => {
    expect(stateFindings({ type: 'postgres' })).toMatchObject([{ path: ['meridian', 'state', 'type'] }]);
    for (const connectionString of [
      'host=db password=topsecret',
      'mysql://u:topsecret@h/db',
      'postgres://u:top#secret@h',
    ]) {
      const [finding] = stateFindings({ type: 'postgres', connectionString });
      expect(finding).toMatchObject({ path: ['meridian', 'state', 'connectionString'] });
      expect(JSON.stringify(finding)).not.toContain('secret@');
      expect(JSON.stringify(finding)).not.toContain('topsecret');
    }
  });

  it('is a mistake when there is an address that nobody would use', () => {
    expect(stateFindings({ connectionString: 'postgres://h/db' })).toMatchObject([
      { path: ['meridian', 'state', 'connectionString'], suggestion: 'Add type: postgres.' },
    ]);
  });

  it('keeps the password of the address secret, wherever it stands in it', () => {
    for (const connectionString of ['postgres://u:p%40ss1@h/db', 'postgres://h/db?user=u&password=p%40ss1']) {
      const secrets = secretsOf({ meridian: { state: { connectionString } } }, []);
      expect(secrets).toEqual(expect.arrayContaining([connectionString, 'p@ss1']));
    }
  });
});
