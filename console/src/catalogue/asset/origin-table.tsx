import { Badge, Text } from '@mantine/core';
import type { ExplainedField, FieldOrigin } from '../../../../src/workflow/explained-field.ts';
import { originWords, catalogueTexts as texts } from '../../texts/catalogue-texts.ts';
import { dateTime } from '../date-time.ts';
import { factWord } from './fact-word.ts';
import classes from './part-table.module.css';

const colours: Readonly<Record<FieldOrigin, string>> = {
  source: 'meridian',
  openmetadata: 'gray',
  kept: 'orange',
  removed: 'orange',
};

/** Every field with where it comes from and why: what `meridian explain` says. */
export function OriginTable({ origins }: { readonly origins: readonly ExplainedField[] }) {
  if (origins.length === 0) return <Text c="dimmed">{texts.asset.noOrigins}</Text>;
  return (
    <table className={classes.table} data-plain>
      <thead>
        <tr>
          <th scope="col">{texts.asset.field}</th>
          <th scope="col">{texts.asset.value}</th>
          <th scope="col">{texts.asset.from}</th>
          <th scope="col">{texts.asset.changed}</th>
        </tr>
      </thead>
      <tbody>
        {origins.map(({ field, value, origin, reason, changedBy, changedAt }) => (
          <tr key={`${field} ${value}`}>
            <th scope="row" className={classes.fieldCell}>
              {wordsOf(field).what}
              {wordsOf(field).of && <span className={classes.within}>{wordsOf(field).of}</span>}
            </th>
            <td className={classes.words}>{value && shortened(value)}</td>
            <td className={classes.originCell}>
              <Badge
                variant="light"
                color={colours[origin]}
                tt="none"
                miw="max-content"
                title={originWords[origin].long}
              >
                {originWords[origin].short}
              </Badge>
              <Text size="xs" c="dimmed" mt={2}>
                {reason}
              </Text>
            </td>
            <td>
              {changedBy && (
                <>
                  {changedBy}
                  {changedAt && (
                    <Text size="xs" c="dimmed">
                      {dateTime(changedAt)}
                    </Text>
                  )}
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const longestValue = 160;

function shortened(text: string): string {
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

/** `columns.email.description` in two lines: which part, and what of it. */
function wordsOf(field: string): { readonly what: string; readonly of?: string } {
  const part = /^columns\.(.+)\.(description|tags|displayName)$/.exec(field);
  if (part) return { what: part[1]!, of: factWord(part[2]!) };
  const property = /^extension\.(.+)$/.exec(field)?.[1];
  return property === undefined ? { what: factWord(field) } : { what: property, of: texts.asset.property };
}
