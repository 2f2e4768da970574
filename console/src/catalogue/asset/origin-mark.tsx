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
  const mark = <MarkButton origin={origin} of={of} open={open} onClick={() => setOpen(!open)} />;
  // Hundreds stand on a page: each becomes a popover when it is asked for.
  if (!open) return mark;
  return (
    <Popover opened onChange={setOpen} width={260} withArrow shadow="md" trapFocus={false} returnFocus>
      <Popover.Target>{mark}</Popover.Target>
      <Popover.Dropdown>
        <OriginWords origin={origin} />
      </Popover.Dropdown>
    </Popover>
  );
}

interface MarkButtonProps {
  readonly origin: ExplainedField;
  readonly of: string;
  readonly open: boolean;
  readonly onClick: () => void;
  readonly ref?: React.Ref<HTMLButtonElement>;
}

function MarkButton({ origin: { origin }, of, open, onClick, ref, ...more }: MarkButtonProps) {
  const Icon = icons[origin];
  return (
    <UnstyledButton
      {...more}
      ref={ref}
      className={classes.mark}
      data-origin={origin}
      aria-label={texts.origin.label(of, originWords[origin].short)}
      aria-expanded={open}
      title={originWords[origin].long}
      onClick={onClick}
    >
      <Icon size={14} />
    </UnstyledButton>
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
