import { Popover, Text, UnstyledButton } from '@mantine/core';
import { IconArrowNarrowRightDashed, IconPencil, IconTransferIn, IconTrash } from '@tabler/icons-react';
import { type ComponentType, useState } from 'react';
import type { ExplainedField, FieldOrigin } from '../../../../src/workflow/explained-field.ts';
import { originWords, catalogueTexts as texts } from '../../texts/catalogue-texts.ts';
import { dateTime } from '../date-time.ts';
import classes from './origin-mark.module.css';
import { useOrigin } from './origins-context.ts';

const icons: Readonly<Record<FieldOrigin, ComponentType<{ size?: number | string }>>> = {
  source: IconTransferIn,
  openmetadata: IconPencil,
  kept: IconArrowNarrowRightDashed,
  removed: IconTrash,
};

interface OriginMarkProps {
  readonly field: string;
  readonly value?: string;
  /** What it is the origin of, for who cannot see where it stands. */
  readonly of: string;
}

/** Where a field comes from, as a small mark; a click says why, who changed it last, and when. */
export function OriginMark({ field, value, of }: OriginMarkProps) {
  const origin = useOrigin(field, value);
  const [open, setOpen] = useState(false);
  if (!origin) return null;
  const Icon = icons[origin.origin];
  const words = originWords[origin.origin];
  return (
    <span className={classes.place}>
      <UnstyledButton
        className={classes.mark}
        data-origin={origin.origin}
        aria-label={texts.origin.label(of, words.short)}
        aria-expanded={open}
        title={words.long}
        onClick={() => setOpen(!open)}
        onBlur={() => setOpen(false)}
        onKeyDown={({ key }) => key === 'Escape' && setOpen(false)}
      >
        <Icon size={14} />
      </UnstyledButton>
      {/* Hundreds of marks stand on a page: each has its words only while somebody looks at them. */}
      {open && (
        <Popover opened width={260} withArrow shadow="md" closeOnClickOutside={false} position="bottom">
          <Popover.Target>
            <span className={classes.point} />
          </Popover.Target>
          <Popover.Dropdown role="status">
            <OriginWords origin={origin} />
          </Popover.Dropdown>
        </Popover>
      )}
    </span>
  );
}

function OriginWords({ origin }: { readonly origin: ExplainedField }) {
  const { changedBy, changedAt } = origin;
  return (
    <>
      <Text size="sm" fw={600}>
        {originWords[origin.origin].long}
      </Text>
      <Text size="sm" mt={4}>
        {origin.reason}
      </Text>
      {changedBy && (
        <Text size="xs" c="dimmed" mt={6}>
          {changedAt ? texts.origin.changed(changedBy, dateTime(changedAt)) : texts.origin.changedBy(changedBy)}
        </Text>
      )}
    </>
  );
}
