import { Button, Collapse, Stack, Text } from '@mantine/core';
import type {
  DescriptionFieldProps,
  FieldErrorProps,
  FieldTemplateProps,
  ObjectFieldTemplateProps,
  TitleFieldProps,
} from '@rjsf/utils';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { formTexts } from '../texts/form.ts';
import classes from './templates.module.css';

/** Labels, help and mistakes stand in the inputs themselves. */
function FieldTemplate({ children, hidden }: FieldTemplateProps) {
  return hidden ? null : <div className={classes.field}>{children}</div>;
}

function FieldErrorTemplate(_props: FieldErrorProps) {
  return null;
}

/** An object: its fields, the rarer ones behind a button. One within another has a frame and opens by its title. */
function ObjectFieldTemplate(props: ObjectFieldTemplateProps) {
  const { properties, uiSchema, title, description, fieldPathId, formData, errorSchema } = props;
  const nested = fieldPathId.path.length > 0;
  const isMore = (name: string): boolean => uiSchema?.[name]?.['ui:options']?.['more'] === true;
  const main = properties.filter(({ name }) => !isMore(name));
  const more = properties.filter(({ name }) => isMore(name));
  const wrong = more.some(({ name }) => errorSchema?.[name] !== undefined);
  const fields = (
    <Stack gap="md">
      {main.map(({ name, content }) => (
        <div key={name}>{content}</div>
      ))}
      {more.length > 0 && (
        <More opened={wrong}>
          {more.map(({ name, content }) => (
            <div key={name}>{content}</div>
          ))}
        </More>
      )}
    </Stack>
  );
  if (!nested) return fields;
  const used = formData !== undefined && Object.keys(formData as object).length > 0;
  return (
    <Group title={title} description={description} opened={used || Object.keys(errorSchema ?? {}).length > 0}>
      {fields}
    </Group>
  );
}

interface GroupProps {
  readonly title: string;
  readonly description: unknown;
  readonly opened: boolean;
  readonly children: React.ReactNode;
}

function Group({ title, description, opened, children }: GroupProps) {
  const [open, setOpen] = useState(opened);
  const id = useId();
  const shown = open || opened;
  return (
    <fieldset className={classes.group} aria-label={title}>
      <button
        type="button"
        className={classes.head}
        aria-expanded={shown}
        aria-controls={id}
        onClick={() => setOpen(!shown)}
      >
        {shown ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />}
        <span>
          <Text span size="sm" fw={600}>
            {title}
          </Text>
          {typeof description === 'string' && (
            <Text span size="xs" c="dimmed" display="block">
              {description}
            </Text>
          )}
        </span>
      </button>
      <div id={id} hidden={!shown} className={classes.inside}>
        {shown && children}
      </div>
    </fieldset>
  );
}

function More({ opened, children }: { readonly opened: boolean; readonly children: React.ReactNode[] }) {
  const [open, setOpen] = useState(false);
  const shown = open || opened;
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={shown ? <IconChevronDown size={16} /> : <IconChevronRight size={16} />}
        aria-expanded={shown}
        onClick={() => setOpen(!shown)}
      >
        {shown ? formTexts.fewer : formTexts.more(children.length)}
      </Button>
      <Collapse expanded={shown}>
        <Stack gap="md" mt="md">
          {shown && children}
        </Stack>
      </Collapse>
    </div>
  );
}

const TitleFieldTemplate = (_props: TitleFieldProps) => null;
const DescriptionFieldTemplate = (_props: DescriptionFieldProps) => null;

export const templates = {
  FieldTemplate,
  FieldErrorTemplate,
  ObjectFieldTemplate,
  TitleFieldTemplate,
  DescriptionFieldTemplate,
};
