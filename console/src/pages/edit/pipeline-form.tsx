import { Button, SegmentedControl } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconDeviceFloppy, IconPlugConnected } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useBlocker, useNavigate } from 'react-router';
import { sourceConfigTypeOf } from '../../../../src/config/source-type.ts';
import { pipelineTypeOf } from '../../../../src/schema/source-configs.ts';
import type { PipelineInput, RecipeProblem } from '../../../../src/server/console-api/console-types.ts';
import { ApiError } from '../../api/api-error.ts';
import { deployPipeline, pipelinePath } from '../../api/pipelines.ts';
import { placeOf } from '../../form/error-schema.ts';
import { getAt, setAt, type Tree } from '../../form/path.ts';
import { RecipeFormContext } from '../../form/recipe-form-context.ts';
import { type TypedSecrets, withoutSecrets, withSecrets } from '../../form/typed-secrets.ts';
import { recipeOf, withValue } from '../../form/yaml-text.ts';
import { Loading } from '../../frame/loading.tsx';
import { Card } from '../../parts/card.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { notifyDone } from '../../parts/notify.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { formTexts } from '../../texts/form.ts';
import { pipelineTexts } from '../../texts/pipelines.ts';
import { ConnectionTest } from './connection-test.tsx';
import { FormSections } from './form-sections.tsx';
import classes from './pipeline-form.module.css';
import { RecipeVerdict } from './recipe-verdict.tsx';
import { useRecipeCheck } from './use-recipe-check.ts';

const YamlEditor = lazy(() => import('../../form/yaml-editor.tsx'));
const none: readonly RecipeProblem[] = [];

interface PipelineFormProps {
  readonly initial: PipelineInput;
  readonly isNew: boolean;
}

/**
 * A pipeline as a form, and its recipe as YAML beside it. The text is what counts: the form shows what it says and writes
 * into it, and the server judges it.
 */
export function PipelineForm({ initial, isNew }: PipelineFormProps) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [pipeline, setPipeline] = useState(initial);
  const [firstText] = useState(() => withValue('', initial.recipe));
  const [text, setText] = useState(firstText);
  const [view, setView] = useState<'form' | 'yaml'>('form');
  const [tried, setTried] = useState(!isNew);
  const [testing, test] = useDisclosure(false);
  const wide = useMediaQuery('(min-width: 75em)', true, { getInitialValueInEffect: false });

  const parsed = useMemo(() => recipeOf(text), [text]);
  // The last text that could be read, while another one is being typed; secrets are in neither.
  const [masked, setMasked] = useState<Tree>(initial.recipe);
  useEffect(() => {
    if (parsed) setMasked(parsed);
  }, [parsed]);
  const [secrets, setSecrets] = useState<TypedSecrets>({});
  const recipe = useMemo(() => withSecrets(masked, secrets), [masked, secrets]);

  const check = useRecipeCheck(text, isNew ? undefined : initial.id);
  const problems = check.data?.problems ?? none;
  // Somebody who has only begun is not told what is still empty.
  const told = useMemo(
    () => (tried ? problems : problems.filter((each) => !isUnfilled(each, recipe))),
    [problems, tried, recipe],
  );

  const save = useMutation({
    mutationFn: () => {
      const written = withSecrets(recipeOf(text) ?? {}, secrets);
      // What a pipeline is for stands in its recipe; once it is made, that stays.
      const pipelineType = isNew ? pipelineTypeOf[sourceConfigTypeOf(written)] : pipeline.pipelineType;
      return deployPipeline({ ...pipeline, pipelineType, recipe: written }, isNew);
    },
    onSuccess: async ({ outcome, id }) => {
      await queryClient.invalidateQueries({ queryKey: ['pipelines'] });
      notifyDone(pipelineTexts.done[outcome]);
      await navigate(pipelinePath(id), { state: { saved: true } });
    },
  });
  const isChanged = text !== firstText || JSON.stringify(pipeline) !== JSON.stringify(initial);
  const blocker = useBlocker(
    ({ nextLocation }) => isChanged && !(nextLocation.state as { saved?: boolean } | null)?.saved,
  );
  useEffect(() => {
    if (!isChanged) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isChanged]);

  const context = useMemo(
    () => ({
      recipe,
      problems: told,
      setAt: (path: readonly string[], value: unknown) => {
        const next = withoutSecrets(setAt(recipe, path, value) as Tree);
        setSecrets(next.secrets);
        setText((before) => (recipeOf(before) ? withValue(before, next.shown) : before));
      },
    }),
    [recipe, told],
  );
  const name = pipeline.displayName ?? initial.id;
  const editor = (
    <div className={classes.yaml}>
      <RecipeVerdict
        check={check}
        broken={!parsed}
        command={sourceConfigTypeOf(recipe) === 'DatabaseMetadata' ? 'ingest' : 'profile'}
      />
      <div className={classes.editor}>
        <Suspense fallback={<Loading />}>
          <YamlEditor
            text={text}
            label={formTexts.yamlLabel}
            problems={tried ? problems : told}
            warnings={check.data?.warnings ?? none}
            onChange={setText}
          />
        </Suspense>
      </div>
    </div>
  );
  return (
    <>
      <PageHeader
        title={isNew ? formTexts.newTitle : formTexts.editTitle(name)}
        above={[
          { label: pipelineTexts.title, path: '/pipelines' },
          ...(isNew ? [] : [{ label: name, path: pipelinePath(initial.id) }]),
        ]}
        actions={
          <>
            <Button
              variant="default"
              leftSection={<IconPlugConnected size={16} />}
              disabled={!parsed}
              onClick={() => {
                setTried(true);
                test.open();
              }}
            >
              {formTexts.test}
            </Button>
            <Button
              leftSection={<IconDeviceFloppy size={16} />}
              loading={save.isPending}
              disabled={!parsed}
              onClick={() => {
                setTried(true);
                save.mutate();
              }}
            >
              {isNew ? formTexts.create : formTexts.save}
            </Button>
          </>
        }
      />
      {save.isError && !isRecipeError(save.error) && <FailureAlert error={save.error} />}
      {!wide && (
        <SegmentedControl
          aria-label={formTexts.view}
          mb="md"
          fullWidth
          value={view}
          onChange={(value) => setView(value as typeof view)}
          data={[
            { value: 'form', label: formTexts.form },
            { value: 'yaml', label: formTexts.yaml },
          ]}
        />
      )}
      <div className={classes.columns}>
        {(wide || view === 'form') && (
          <RecipeFormContext value={context}>
            <FormSections
              pipeline={pipeline}
              isNew={isNew}
              problems={tried ? problems : told}
              tried={tried}
              disabled={!parsed}
              onChange={setPipeline}
            />
          </RecipeFormContext>
        )}
        {(wide || view === 'yaml') && <Card title={formTexts.yamlLabel}>{editor}</Card>}
      </div>
      {testing && <ConnectionTest recipe={recipe} pipelineId={isNew ? undefined : initial.id} onClose={test.close} />}
      <Confirm
        opened={blocker.state === 'blocked'}
        onClose={() => blocker.reset?.()}
        {...formTexts.leave}
        onConfirm={() => blocker.proceed?.()}
      />
    </>
  );
}

/** Those show at their fields. */
function isRecipeError(error: unknown): boolean {
  return error instanceof ApiError && error.problems.length > 0;
}

/** A field that nobody has filled in yet. */
function isUnfilled(problem: RecipeProblem, recipe: Tree): boolean {
  const value = getAt(recipe, placeOf(problem));
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
