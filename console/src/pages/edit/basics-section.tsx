import { Select, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { sourceConfigTypeOf } from '../../../../src/config/source-type.ts';
import { type SourceConfigType, sourceConfigTypes } from '../../../../src/schema/source-configs.ts';
import type { PipelineInput } from '../../../../src/server/console-api/console-types.ts';
import { useRecipeForm } from '../../form/recipe-form-context.ts';
import { formTexts } from '../../texts/form.ts';
import { idFrom, withKind } from './new-pipeline.ts';

interface BasicsSectionProps {
  readonly pipeline: PipelineInput;
  readonly isNew: boolean;
  readonly tried: boolean;
  readonly onChange: (pipeline: PipelineInput) => void;
}

const words = formTexts.fields;

/** Name, id, and whose the pipeline is. The id follows the name until somebody writes another one. */
export function BasicsSection({ pipeline, isNew, tried, onChange }: BasicsSectionProps) {
  const { id, displayName = '', description = '', owner = '', email = [], tags = [] } = pipeline;
  const { recipe, setAt } = useRecipeForm();
  const kind = sourceConfigTypeOf(recipe);
  const set = (change: Partial<PipelineInput>): void => {
    const next = { ...pipeline, ...change };
    // An emptied field is no value.
    onChange(
      Object.fromEntries(
        Object.entries(next).filter(([key, value]) => key === 'id' || value !== ''),
      ) as unknown as PipelineInput,
    );
  };
  return (
    <Stack>
      <TextInput
        label={words.displayName}
        description={words.displayNameHelp}
        value={displayName}
        autoFocus={isNew}
        onChange={(event) => {
          const name = event.currentTarget.value;
          set({ displayName: name, ...(isNew && id === idFrom(displayName) && { id: idFrom(name) }) });
        }}
      />
      <TextInput
        label={words.id}
        description={words.idHelp}
        value={id}
        withAsterisk
        disabled={!isNew}
        error={tried && id === '' ? formTexts.missing : undefined}
        onChange={(event) => set({ id: event.currentTarget.value })}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      <Select
        label={words.kind}
        description={formTexts.kinds[kind].help}
        data={sourceConfigTypes.map((each) => ({ value: each, label: formTexts.kinds[each].name }))}
        value={kind}
        allowDeselect={false}
        disabled={!isNew}
        onChange={(next) => next !== null && setAt([], withKind(recipe, next as SourceConfigType))}
      />
      <Textarea
        label={words.description}
        value={description}
        autosize
        minRows={2}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
      <TextInput
        label={words.owner}
        description={words.ownerHelp}
        value={owner}
        onChange={(event) => set({ owner: event.currentTarget.value })}
      />
      <TagsInput
        label={words.email}
        description={`${words.emailHelp} ${words.addHelp}`}
        value={[...email]}
        acceptValueOnBlur
        onChange={(value) => set({ email: value })}
      />
      <TagsInput
        label={words.tags}
        description={words.addHelp}
        value={[...tags]}
        acceptValueOnBlur
        onChange={(value) => set({ tags: value })}
      />
    </Stack>
  );
}
