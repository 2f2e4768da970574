import { describe, expect, it } from 'vitest';
import type { Change } from '../reconcile/change.ts';
import { report } from '../workflow/sample-report.testing.ts';
import { plainPalette } from './palette.ts';
import { PlanText } from './render-plan.ts';

function change(changes: Partial<Change> = {}): Change {
  return {
    action: 'create',
    entityType: 'table',
    fqn: 's.d.c.t',
    reason: 'not in OpenMetadata yet',
    fields: [],
    ...changes,
  };
}

function render(changes: Iterable<Change>, state: 'success' | 'partialSuccess' = 'success'): string {
  const plan = new PlanText({ palette: plainPalette, width: 120 });
  for (const each of changes) plan.add(each);
  return plan.end(report({ command: 'plan', state }));
}

describe('a plan as text', () => {
  it('groups by type and action, with a count and each reason once', () => {
    const text = render([
      change({ fqn: 's.d.c.new1' }),
      change({ entityType: 'database', fqn: 's.d', action: 'unchanged', reason: 'in step' }),
      change({ fqn: 's.d.c.new2' }),
      change({
        fqn: 's.d.c.orders',
        action: 'update',
        reason: 'changed at the source',
        fields: [
          {
            field: 'description',
            action: 'replace',
            from: 'old words',
            to: 'new words',
            reason: 'changed at the source',
          },
          { field: 'columns.tiny', action: 'remove', reason: 'column gone at the source' },
        ],
      }),
    ]);
    expect(text).toBe(`Atlas 2.3.0 at atlas.example:21000 → OpenMetadata 1.6.2 at om.example, mode create

Tables
  + 2 to create: not in OpenMetadata yet
      s.d.c.new1
      s.d.c.new2
  ~ 1 to update: changed at the source
      s.d.c.orders
        ~ description   “old words” → “new words”  changed at the source
        - columns.tiny  column gone at the source

= unchanged: 1 database

Plan: 2 to create, 1 to update, 1 unchanged. Nothing was sent.
`);
  });

  it('tells what a person’s words and the source’s words are where they are kept', () => {
    const text = render([
      change({
        action: 'kept',
        fields: [{ field: 'description', action: 'keep', from: 'mine', to: 'theirs', reason: 'a person changed it' }],
      }),
    ]);
    expect(text).toContain('! description  stays “mine”, source says “theirs”  a person changed it');
  });

  it('tells a reason that all of a group share once, and others beside each', () => {
    const gone = (fqn: string, reason: string) => change({ fqn, action: 'gone', reason });
    const shared = render([
      gone('s.a', 'not deleted: this is a first run'),
      gone('s.b', 'not deleted: this is a first run'),
    ]);
    expect(shared).toContain(
      '- 2 gone at the source (listed only): not deleted: this is a first run\n      s.a\n      s.b\n',
    );
    const each = render([
      gone('s.a', 'not deleted: this is a first run'),
      gone('s.b', 'not deleted: something failed'),
    ]);
    expect(each).toContain(
      '(listed only)\n      s.a  not deleted: this is a first run\n      s.b  not deleted: something failed\n',
    );
  });

  it('caps what it lists and says where the rest is', () => {
    function* many(): Iterable<Change> {
      for (let n = 0; n < 5000; n += 1) yield change({ fqn: `s.d.c.t${n}` });
    }
    const text = render(many());
    expect(text).toContain('+ 5,000 to create');
    expect(text).toContain('… and 4,980 more (-o jsonl lists all)');
    expect(text.split('\n').length).toBeLessThan(40);
  });

  it('cuts long texts and long lists of fields', () => {
    const fields = Array.from({ length: 300 }, (_, n) => ({
      field: `columns.c${n}`,
      action: 'add' as const,
      to: 'x'.repeat(5000),
      reason: 'new column at the source',
    }));
    const text = render([change({ action: 'update', fields })]);
    expect(text).toContain('… and 288 more fields');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(160);
  });

  it('says so when there is nothing to send', () => {
    const unchanged = [change({ action: 'unchanged', reason: 'in step' })];
    expect(render(unchanged)).toContain('Plan: OpenMetadata is in step. 1 unchanged. Nothing was sent.');
    expect(render(unchanged, 'partialSuccess')).not.toContain('in step');
  });
});
