import { NumberInput, PasswordInput, Select, Switch, TextInput } from '@mantine/core';
import type { WidgetProps } from '@rjsf/utils';
import { useState } from 'react';
import { formTexts } from '../texts/form.ts';
import { mask } from './typed-secrets.ts';

/** What every input has: its name, help, whether it is needed, and what is wrong with it. */
function common({ id, label, required, disabled, readonly, schema, rawErrors }: WidgetProps) {
  return {
    id,
    label,
    description: schema.description,
    withAsterisk: required,
    disabled: disabled || readonly,
    error: rawErrors && rawErrors.length > 0 ? rawErrors.join(' ') : undefined,
  };
}

const standardOf = ({ options }: WidgetProps): unknown => options['standard'];

/** An emptied field is no value. */
const textOf = (text: string): string | undefined => (text === '' ? undefined : text);

function TextWidget(props: WidgetProps) {
  const standard = standardOf(props);
  return (
    <TextInput
      {...common(props)}
      value={typeof props.value === 'string' ? props.value : ''}
      placeholder={standard === undefined ? undefined : formTexts.standard(String(standard))}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => props.onChange(textOf(event.currentTarget.value))}
    />
  );
}

/** A stored secret is not shown: what is typed takes its place, and an emptied field keeps it. */
function PasswordWidget(props: WidgetProps) {
  const { value } = props;
  const [wasStored] = useState(value === mask);
  const isStored = value === mask || wasStored;
  return (
    <PasswordInput
      {...common(props)}
      value={typeof value === 'string' && value !== mask ? value : ''}
      placeholder={isStored ? formTexts.stored : undefined}
      autoComplete="new-password"
      visibilityToggleButtonProps={{ 'aria-label': formTexts.show }}
      onChange={(event) => props.onChange(textOf(event.currentTarget.value) ?? (isStored ? mask : undefined))}
    />
  );
}

function SelectWidget(props: WidgetProps) {
  const standard = standardOf(props);
  const words = (props.options.enumOptions ?? []).map(({ value }) => String(value));
  return (
    <Select
      {...common(props)}
      data={words}
      value={typeof props.value === 'string' ? (words.find((each) => same(each, props.value)) ?? null) : null}
      placeholder={standard === undefined ? formTexts.choose : formTexts.standard(String(standard))}
      clearable={!props.required}
      searchable={words.length > 8}
      onChange={(value) => props.onChange(value ?? undefined)}
    />
  );
}

/** A recipe may write its words in any case. */
function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function CheckboxWidget(props: WidgetProps) {
  const { withAsterisk: _, ...rest } = common(props);
  const checked = props.value ?? standardOf(props) ?? false;
  return (
    <Switch {...rest} checked={checked === true} onChange={(event) => props.onChange(event.currentTarget.checked)} />
  );
}

function UpDownWidget(props: WidgetProps) {
  const standard = standardOf(props);
  const { minimum, maximum, type } = props.schema;
  return (
    <NumberInput
      {...common(props)}
      value={typeof props.value === 'number' ? props.value : ''}
      placeholder={standard === undefined ? undefined : formTexts.standard(String(standard))}
      min={minimum}
      max={maximum}
      allowDecimal={type === 'number'}
      maw={280}
      onChange={(value) => props.onChange(typeof value === 'number' ? value : undefined)}
    />
  );
}

export const widgets = {
  TextWidget,
  PasswordWidget,
  SelectWidget,
  CheckboxWidget,
  UpDownWidget,
  // Addresses are texts here: the server says what is wrong with one.
  URLWidget: TextWidget,
};
