import { useSearchParams } from 'react-router';
import type { ProfileSpanName } from '../catalogue/catalogue-queries.ts';
import { profileTexts as texts } from '../texts/profile-texts.ts';

const usualSpan: ProfileSpanName = '90';

/** What is looked at stands in the address: a link shows what its sender saw, and going back leads back. */
export function useProfileAddress() {
  const [query, setQuery] = useSearchParams();
  const asked = query.get('span') ?? usualSpan;
  const span: ProfileSpanName = Object.hasOwn(texts.spans, asked) ? (asked as ProfileSpanName) : usualSpan;
  const change = (key: string, value: string | undefined, replace: boolean): void =>
    setQuery(
      (now) => {
        if (value === undefined) now.delete(key);
        else now.set(key, value);
        return now;
      },
      { replace },
    );
  return {
    span,
    setSpan: (next: ProfileSpanName): void => change('span', next, true),
    /** FQN of the column that is looked at. */
    column: query.get('column') ?? undefined,
    setColumn: (fqn: string | undefined): void => change('column', fqn, false),
  };
}
