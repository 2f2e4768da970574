import { Button, Group, Select, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { ColumnProportion, ColumnSummary } from '../../../src/server/console-api/catalogue/profile-types.ts';
import { columnProportions } from '../../../src/server/console-api/catalogue/profile-types.ts';
import { dateTime } from '../catalogue/date-time.ts';
import { formatShare } from '../format/numbers.ts';
import { Card } from '../parts/card.tsx';
import { profileTexts } from '../texts/profile-texts.ts';
import { boundWords } from './bound-words.ts';
import classes from './column-list.module.css';

interface ColumnListProps {
  readonly columns: readonly ColumnSummary[];
  /** Epoch milliseconds. */
  readonly tableTakenAt: number | undefined;
  readonly onChoose: (fqn: string) => void;
}

const texts = profileTexts.columns;
type Sort = keyof typeof texts.sorts;

/** More are drawn when they are asked for: tables have up to thousands of columns. */
const rowsAtOnce = 100;

/** Each column's newest profile in one line; a click shows all of it. */
export function ColumnList({ columns, tableTakenAt, onChoose }: ColumnListProps) {
  const [filter, setFilter] = useState('');
  const [sort, setSort] = useState<Sort>('table');
  const [shown, setShown] = useState(rowsAtOnce);
  const fitting = useMemo(() => sorted(matching(columns, filter), sort), [columns, filter, sort]);
  const rest = fitting.length - shown;
  return (
    <Card title={texts.title}>
      {columns.length > 5 && (
        <Group gap="sm" mb="sm" align="flex-end">
          <TextInput
            aria-label={texts.filter}
            placeholder={texts.filter}
            leftSection={<IconFilter size={16} aria-hidden />}
            value={filter}
            onChange={({ currentTarget }) => setFilter(currentTarget.value)}
            className={classes.filter!}
          />
          <Select
            aria-label={texts.sort}
            data={Object.entries(texts.sorts).map(([value, label]) => ({ value, label }))}
            value={sort}
            allowDeselect={false}
            onChange={(next) => setSort((next ?? 'table') as Sort)}
            w={180}
          />
        </Group>
      )}
      <table className={`${classes.table} numbers`}>
        <thead>
          <tr>
            <th scope="col">{texts.name}</th>
            {columnProportions.map((name) => (
              <th key={name} scope="col">
                {profileTexts.proportions[name]}
              </th>
            ))}
            <th scope="col">{texts.min}</th>
            <th scope="col">{texts.max}</th>
          </tr>
        </thead>
        <tbody>
          {fitting.slice(0, shown).map((column) => (
            <Row key={column.fqn} column={column} tableTakenAt={tableTakenAt} onChoose={onChoose} />
          ))}
        </tbody>
      </table>
      {fitting.length === 0 && (
        <Text c="dimmed" p="md" role="status">
          {columns.length === 0 ? texts.none : texts.noneFits}
        </Text>
      )}
      {rest > 0 && (
        <Button variant="default" mt="sm" onClick={() => setShown(shown + rowsAtOnce)}>
          {profileTexts.older(Math.min(rest, rowsAtOnce))}
        </Button>
      )}
    </Card>
  );
}

interface RowProps extends Pick<ColumnListProps, 'tableTakenAt' | 'onChoose'> {
  readonly column: ColumnSummary;
}

function Row({ column, tableTakenAt, onChoose }: RowProps) {
  const { fqn, name, type, takenAt, min, max } = column;
  const isStale = takenAt !== undefined && tableTakenAt !== undefined && takenAt < tableTakenAt;
  return (
    <tr>
      <th scope="row">
        <UnstyledButton className={classes.open!} aria-label={texts.open(name)} onClick={() => onChoose(fqn)}>
          {name}
        </UnstyledButton>
        <span className={classes.type}>
          {type.length > longestType ? `${type.slice(0, longestType)}…` : type}
          {isStale && ` · ${texts.stale(dateTime(new Date(takenAt).toISOString()))}`}
        </span>
      </th>
      {takenAt === undefined ? (
        <td colSpan={5} className={classes.quiet}>
          {texts.notProfiled}
        </td>
      ) : (
        <>
          {columnProportions.map((proportion) => (
            <td key={proportion} data-label={profileTexts.proportions[proportion]}>
              <Share share={column[proportion]} kind={proportion} />
            </td>
          ))}
          <td data-label={texts.min} className={classes.bound}>
            {min === undefined ? '–' : boundWords(min, column)}
          </td>
          <td data-label={texts.max} className={classes.bound}>
            {max === undefined ? '–' : boundWords(max, column)}
          </td>
        </>
      )}
    </tr>
  );
}

const longestType = 40;

function Share({ share, kind }: { readonly share: number | undefined; readonly kind: ColumnProportion }) {
  if (share === undefined) return <>–</>;
  return (
    <span className={classes.share}>
      <span className={classes.bar} data-kind={kind} style={{ '--share': share }} aria-hidden="true" />
      {formatShare(share)}
    </span>
  );
}

function matching(columns: readonly ColumnSummary[], filter: string): readonly ColumnSummary[] {
  const wanted = filter.trim().toLowerCase();
  if (wanted === '') return columns;
  return columns.filter(({ name, type }) => `${name} ${type}`.toLowerCase().includes(wanted));
}

/** Columns that tell nothing of what is sorted by come last. */
function sorted(columns: readonly ColumnSummary[], sort: Sort): readonly ColumnSummary[] {
  if (sort === 'table') return columns;
  if (sort === 'name') return columns.toSorted((one, other) => one.name.localeCompare(other.name));
  const rank = ({ nullProportion, distinctProportion }: ColumnSummary): number =>
    sort === 'nulls' ? -(nullProportion ?? -1) : (distinctProportion ?? 2);
  return columns.toSorted((one, other) => rank(one) - rank(other));
}
