import { Badge, Tabs, Text } from '@mantine/core';
import { useState } from 'react';
import { sourceConfigTypeOf } from '../../../../src/config/source-type.ts';
import type { PipelineInput, RecipeProblem } from '../../../../src/server/console-api/console-types.ts';
import { isBelow, placeOf } from '../../form/error-schema.ts';
import { useRecipeForm } from '../../form/recipe-form-context.ts';
import { SchedulePicker } from '../../form/schedule-picker.tsx';
import { Card } from '../../parts/card.tsx';
import { formTexts } from '../../texts/form.ts';
import { BasicsSection } from './basics-section.tsx';
import { CarriedSection, SourceSection, TargetSection } from './recipe-sections.tsx';
import { RunsSection } from './runs-section.tsx';

interface FormSectionsProps {
  readonly pipeline: PipelineInput;
  readonly isNew: boolean;
  readonly problems: readonly RecipeProblem[];
  /** Whether what is still empty is told. */
  readonly tried: boolean;
  /** While the YAML cannot be read. */
  readonly disabled: boolean;
  readonly onChange: (pipeline: PipelineInput) => void;
}

const sections = ['basics', 'source', 'target', 'carried', 'schedule', 'runs'] as const;

/** What of the recipe a section is about; the rest of what is wrong shows in the YAML. */
const places: Partial<Record<(typeof sections)[number], readonly (readonly string[])[]>> = {
  source: [
    ['source', 'type'],
    ['source', 'serviceName'],
    ['source', 'serviceConnection'],
  ],
  target: [['workflowConfig', 'openMetadataServerConfig']],
  carried: [['source', 'sourceConfig'], ['meridian']],
};

/** The form, a section at a time; each says how many things in it are to be corrected. */
export function FormSections({ pipeline, isNew, problems, tried, disabled, onChange }: FormSectionsProps) {
  const [section, setSection] = useState<string>(isNew ? 'basics' : 'source');
  const [asCron, setAsCron] = useState(false);
  const { recipe } = useRecipeForm();
  const wordOf = (name: (typeof sections)[number]) =>
    name === 'carried' && sourceConfigTypeOf(recipe) !== 'DatabaseMetadata' ? 'profiled' : name;
  const wrong = (name: (typeof sections)[number]): number =>
    name === 'basics' && tried && pipeline.id === ''
      ? 1
      : problems.filter((each) => places[name]?.some((place) => isBelow(placeOf(each), place))).length;
  return (
    <Card p={0}>
      <Tabs value={section} onChange={(value) => setSection(value ?? 'basics')} keepMounted={false}>
        <Tabs.List px="sm" style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>
          {sections.map((name) => {
            const count = wrong(name);
            return (
              <Tabs.Tab
                key={name}
                value={name}
                py="md"
                rightSection={
                  count > 0 && (
                    <Badge size="sm" circle color="red.8" aria-label={formTexts.problems(count)}>
                      {count}
                    </Badge>
                  )
                }
              >
                {formTexts.sections[wordOf(name)]}
              </Tabs.Tab>
            );
          })}
        </Tabs.List>
        <fieldset disabled={disabled} style={{ border: 0, margin: 0, padding: 20, minWidth: 0 }}>
          {sections.map((name) => (
            <Tabs.Panel key={name} value={name}>
              <Text c="dimmed" size="sm" mb="md">
                {formTexts.leads[wordOf(name)]}
              </Text>
              {name === 'basics' && (
                <BasicsSection pipeline={pipeline} isNew={isNew} tried={tried} onChange={onChange} />
              )}
              {name === 'source' && <SourceSection />}
              {name === 'target' && <TargetSection />}
              {name === 'carried' && <CarriedSection />}
              {name === 'schedule' && (
                <SchedulePicker
                  schedule={pipeline.schedule}
                  asCron={asCron}
                  onChange={(schedule, cron) => {
                    setAsCron(cron);
                    onChange({ ...pipeline, schedule });
                  }}
                />
              )}
              {name === 'runs' && <RunsSection pipeline={pipeline} onChange={onChange} />}
            </Tabs.Panel>
          ))}
        </fieldset>
      </Tabs>
    </Card>
  );
}
