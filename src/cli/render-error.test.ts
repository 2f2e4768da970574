import { describe, expect, it } from 'vitest';
import { ConnectionError, GuardError } from '../errors.ts';
import { plainPalette } from './palette.ts';
import { exitCodeOf, renderError } from './render-error.ts';

const style = { palette: plainPalette, verbose: false };

describe('an error on the terminal', () => {
  it('says what happened, what to do, why, and its code', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    const error = new ConnectionError('http.unreachable', 'Apache Atlas cannot be reached.', {
      help: 'Check hostPort.',
      cause: new Error('fetch failed', { cause: refused }),
    });
    expect(renderError(error, style)).toBe(
      [
        'error: Apache Atlas cannot be reached.',
        '  Check hostPort.',
        '  Cause: fetch failed',
        '  Cause: connect ECONNREFUSED 127.0.0.1:1',
        '  (http.unreachable)',
        '',
      ].join('\n'),
    );
  });

  it('does not repeat a cause that the message tells already, and cuts long ones', () => {
    const cause = new Error('it is full', { cause: new Error('y'.repeat(1000)) });
    const text = renderError(new GuardError('a.b', 'No: it is full.', { cause }), style);
    expect(text.match(/it is full/g)).toHaveLength(1);
    expect(text.length).toBeLessThan(400);
  });

  it('shows stack traces only when asked', () => {
    const error = new Error('odd');
    expect(renderError(error, style)).toContain('Something unexpected happened: odd');
    expect(renderError(error, style)).not.toContain('at ');
    expect(renderError(error, { ...style, verbose: true })).toMatch(/at .*render-error\.test/);
  });

  it('has the exit code of its kind', () => {
    expect([
      exitCodeOf(new GuardError('a.b', 'x')),
      exitCodeOf(new ConnectionError('a.b', 'x')),
      exitCodeOf(1),
    ]).toEqual([4, 3, 1]);
  });
});
