import { ActionIcon, Button, Group, Input, MultiSelect, Stack, TagsInput, TextInput } from '@mantine/core';
import type { FieldProps } from '@rjsf/utils';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { formTexts } from '../texts/form.ts';
import { isTree } from './path.ts';

const errorOf = ({ rawErrors }: FieldProps): string | undefined =>
  rawErrors && rawErrors.length > 0 ? rawErrors.join(' ') : undefined;

/** A list of texts, each as a tag; chosen where there are only some words. */
function TextList(props: FieldProps) {
  const { fieldPathId, schema, formData, required, onChange } = props;
  const list = Array.isArray(formData) ? formData.map(String) : [];
  const { enum: words } = (schema.items ?? {}) as { readonly enum?: readonly string[] };
  const common = {
    id: fieldPathId.$id,
    label: schema.title,
    description: schema.description,
    withAsterisk: required ?? false,
    value: list,
    error: errorOf(props),
    onChange: (value: string[]) => onChange(value, fieldPathId.path, undefined, fieldPathId.$id),
  };
  if (words) {
    return (
      <MultiSelect
        {...common}
        data={[...words]}
        placeholder={list.length === 0 ? formTexts.choose : undefined}
        searchable
        clearable
      />
    );
  }
  return (
    <TagsInput
      {...common}
      placeholder={list.length === 0 ? formTexts.fields.addHelp : undefined}
      splitChars={[]}
      acceptValueOnBlur
    />
  );
}

type Row = readonly [key: string, value: string];

/** A map of texts as rows of name and value. Rows without a name are not yet part of it. */
function TextMap(props: FieldProps) {
  const { fieldPathId, schema, formData, onChange } = props;
  const [rows, setRows] = useState<readonly Row[]>(() => rowsOf(formData));
  const outside = JSON.stringify(formData ?? {});
  useEffect(() => {
    // What was typed in the YAML shows here; what was typed here is there already.
    setRows((mine) => (JSON.stringify(mapOf(mine)) === outside ? mine : rowsOf(JSON.parse(outside))));
  }, [outside]);
  const change = (next: readonly Row[]): void => {
    setRows(next);
    const map = mapOf(next);
    onChange(Object.keys(map).length > 0 ? map : undefined, fieldPathId.path, undefined, fieldPathId.$id);
  };
  return (
    <Input.Wrapper label={schema.title} description={schema.description} error={errorOf(props)} labelElement="div">
      <Stack gap={6} mt={6}>
        {rows.map(([key, value], index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place while its name is typed
          <Group key={index} gap="xs" wrap="nowrap">
            <TextInput
              aria-label={`${schema.title}: ${formTexts.map.key}`}
              placeholder={formTexts.map.key}
              value={key}
              flex={1}
              onChange={(event) => change(rows.with(index, [event.currentTarget.value, value]))}
            />
            <TextInput
              aria-label={`${schema.title}: ${formTexts.map.value}`}
              placeholder={formTexts.map.value}
              value={value}
              flex={1}
              onChange={(event) => change(rows.with(index, [key, event.currentTarget.value]))}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={formTexts.map.remove(key)}
              onClick={() => change(rows.toSpliced(index, 1))}
            >
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<IconPlus size={14} />}
            onClick={() => setRows([...rows, ['', '']])}
          >
            {formTexts.map.add}
          </Button>
        </Group>
      </Stack>
    </Input.Wrapper>
  );
}

function rowsOf(value: unknown): readonly Row[] {
  return isTree(value) ? Object.entries(value).map(([key, each]) => [key, String(each ?? '')] as const) : [];
}

function mapOf(rows: readonly Row[]): Readonly<Record<string, string>> {
  return Object.fromEntries(rows.filter(([key]) => key.trim() !== ''));
}

export const fields = { textList: TextList, textMap: TextMap };
