import { ActionIcon, Button, Text, TextInput } from '@mantine/core';
import { IconChevronRight, IconFilter, IconKey } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { AssetPart } from '../../../../src/server/console-api/catalogue/catalogue-types.ts';
import { MarkdownText } from '../../parts/markdown-text.tsx';
import { catalogueTexts as texts } from '../../texts/catalogue-texts.ts';
import { LabelBadges } from './label-badges.tsx';
import { OriginMark } from './origin-mark.tsx';
import classes from './part-table.module.css';

interface PartTableProps {
  readonly parts: readonly AssetPart[];
  /** What they are: `columns`, `fields` … */
  readonly word: string;
}

/** More are drawn when they are asked for: tables have up to thousands of columns. */
const rowsAtOnce = 100;

/** Columns (or fields, tasks, features), what is nested in them, and where their words come from. */
export function PartTable({ parts, word }: PartTableProps) {
  const [filter, setFilter] = useState('');
  const [shown, setShown] = useState(rowsAtOnce);
  const fitting = useMemo(() => matching(parts, filter), [parts, filter]);
  const isLabelled = useMemo(() => parts.some(hasLabels), [parts]);
  const isNested = parts.some(({ children }) => children.length > 0);
  if (parts.length === 0) return <Text c="dimmed">{texts.asset.noParts(word)}</Text>;
  const rest = fitting.length - shown;
  return (
    <>
      {parts.length > 5 && (
        <TextInput
          aria-label={texts.asset.filter(word)}
          placeholder={texts.asset.filter(word)}
          leftSection={<IconFilter size={16} aria-hidden />}
          value={filter}
          onChange={({ currentTarget }) => setFilter(currentTarget.value)}
          mb="sm"
          maw={320}
        />
      )}
      <table className={classes.table} data-nested={isNested}>
        <thead>
          <tr>
            <th scope="col">{texts.asset.name}</th>
            <th scope="col">{texts.asset.type}</th>
            <th scope="col">{texts.asset.description}</th>
            {isLabelled && <th scope="col">{texts.asset.labels}</th>}
          </tr>
        </thead>
        <tbody>
          {fitting.slice(0, shown).map((part) => (
            <PartRow key={part.name} part={part} path={part.name} level={0} isLabelled={isLabelled} />
          ))}
        </tbody>
      </table>
      {fitting.length === 0 && (
        <Text c="dimmed" p="md" role="status">
          {texts.asset.noneFits}
        </Text>
      )}
      {rest > 0 && (
        <Button variant="default" mt="sm" onClick={() => setShown(shown + rowsAtOnce)}>
          {texts.asset.showMore(Math.min(rest, rowsAtOnce))}
        </Button>
      )}
    </>
  );
}

interface PartRowProps {
  readonly part: AssetPart;
  /** Names from the outermost part, joined by dots. */
  readonly path: string;
  readonly level: number;
  /** Some row has a tag or term. */
  readonly isLabelled: boolean;
}

function PartRow({ part, path, level, isLabelled }: PartRowProps) {
  const [open, setOpen] = useState(false);
  const { name, displayName, type, constraint, description, labels, children } = part;
  return (
    <>
      <tr>
        <th scope="row" className={classes.name} style={{ '--level': level }}>
          <span className={classes.nameLine}>
            {children.length > 0 ? (
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={texts.asset.expand(name)}
                aria-expanded={open}
                className={classes.open!}
                onClick={() => setOpen(!open)}
              >
                <IconChevronRight size={14} />
              </ActionIcon>
            ) : (
              <span className={classes.indent} />
            )}
            <span className={classes.words}>{displayName ?? name}</span>
            {constraint === 'PRIMARY_KEY' && <IconKey size={14} aria-label={constraint} />}
          </span>
          {displayName && <span className={classes.other}>{name}</span>}
        </th>
        <td className={classes.typeCell}>
          <code className={classes.type} title={type}>
            {shortened(type)}
          </code>
          {constraint && constraint !== 'PRIMARY_KEY' && (
            <span className={classes.constraint}>{constraint.replaceAll('_', ' ').toLowerCase()}</span>
          )}
        </td>
        <td>
          {description && (
            <span className={classes.described}>
              <MarkdownText text={description} />
              <OriginMark field={`columns.${path}.description`} of={`${path}, ${texts.asset.description}`} />
            </span>
          )}
        </td>
        {isLabelled && <td>{labels.length > 0 && <LabelBadges labels={labels} field={`columns.${path}.tags`} />}</td>}
      </tr>
      {open &&
        children.map((child) => (
          <PartRow
            key={child.name}
            part={child}
            path={`${path}.${child.name}`}
            level={level + 1}
            isLabelled={isLabelled}
          />
        ))}
    </>
  );
}

const longestType = 48;

/** A struct's type spells out everything that is nested in it. */
function shortened(type: string): string {
  return type.length > longestType ? `${type.slice(0, longestType)}…` : type;
}

function hasLabels({ labels, children }: AssetPart): boolean {
  return labels.length > 0 || children.some(hasLabels);
}

/** Those whose names or words hold a text, or hold something that does. */
function matching(parts: readonly AssetPart[], filter: string): readonly AssetPart[] {
  const wanted = filter.trim().toLowerCase();
  if (wanted === '') return parts;
  const fits = ({ name, displayName, description, labels, children }: AssetPart): boolean =>
    [name, displayName, description, ...labels.map(({ fqn }) => fqn)].some((text) =>
      text?.toLowerCase().includes(wanted),
    ) || children.some(fits);
  return parts.filter(fits);
}
