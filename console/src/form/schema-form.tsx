import withTheme from '@rjsf/core/lib/withTheme.js';
import { useMemo } from 'react';
import type { JsonSchema } from '../../../src/schema/parts.ts';
import { errorSchema } from './error-schema.ts';
import { fields } from './fields.tsx';
import { type FormSchemaOptions, formSchema } from './form-schema.ts';
import { judgedElsewhere } from './judged-elsewhere.ts';
import { getAt, isTree, type Path, withoutEmpty } from './path.ts';
import { useRecipeForm } from './recipe-form-context.ts';
import { templates } from './templates.tsx';
import { widgets } from './widgets.tsx';

const Form = withTheme({ templates, widgets, fields });

interface SchemaFormProps extends FormSchemaOptions {
  readonly schema: JsonSchema;
  /** Where in the recipe its value stands. */
  readonly path: Path;
}

/** Fields for a part of the recipe, drawn from its schema. */
export function SchemaForm({ schema, path, main, without }: SchemaFormProps) {
  const { recipe, problems, setAt } = useRecipeForm();
  const value = getAt(recipe, path);
  const data = isTree(value) ? value : {};
  // The same schema as long as it draws the same fields: the form keeps its place then.
  const keys = JSON.stringify([Object.keys(data), main, without]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys stand for the data and the options
  const drawn = useMemo(() => formSchema(schema, data, { main, without }), [schema, keys]);
  const errors = useMemo(() => errorSchema(problems, path), [problems, path]);
  return (
    <Form
      idPrefix={path.join('-')}
      tagName="div"
      schema={drawn.schema}
      uiSchema={drawn.uiSchema}
      formData={data}
      validator={judgedElsewhere}
      noValidate
      extraErrors={errors}
      showErrorList={false}
      experimental_defaultFormStateBehavior={{ emptyObjectFields: 'skipDefaults' }}
      onChange={({ formData }, id) => {
        // What it reports for what it was just given is no change of the user's.
        if (id !== undefined) setAt(path, withoutEmpty(formData));
      }}
    >
      {/* No button: the page saves. */}
      <span hidden />
    </Form>
  );
}
