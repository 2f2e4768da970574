import { Accordion, Badge, Group, Table, Text } from '@mantine/core';
import type { Change } from '../../../../src/server/console-api/console-types.ts';
import { Card } from '../../parts/card.tsx';
import { WideTable } from '../../parts/wide-table.tsx';
import { entityTypeName } from '../../texts/entity-types.ts';
import { planTexts } from '../../texts/pipelines.ts';
import classes from './change-list.module.css';

const colors = {
  create: 'green',
  update: 'meridian',
  restore: 'meridian',
  delete: 'red',
  unchanged: 'gray',
  kept: 'grape',
  gone: 'orange',
  skipped: 'gray',
} as const;

/** Changes, each with its fields before and after, and why. */
export function ChangeList({ changes }: { readonly changes: readonly Change[] }) {
  return (
    // What is open belongs to this page of changes.
    <Card p={0} key={changes[0]?.fqn}>
      <Accordion chevronPosition="left" multiple classNames={{ item: classes.item!, control: classes.control! }}>
        {changes.map((change, index) => (
          <Accordion.Item key={`${change.entityType} ${change.fqn}`} value={String(index)}>
            <Accordion.Control>
              <div className={classes.row}>
                <Badge color={colors[change.action]} variant="light" tt="none" w={92} className={classes.badge!}>
                  {planTexts.actions[change.action]}
                </Badge>
                <div className={classes.name}>
                  <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
                    {change.fqn}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {entityTypeName(change.entityType)} · {change.reason}
                  </Text>
                </div>
                <Group gap={4} className={classes.fields!}>
                  {change.fields.slice(0, 4).map(({ field, action }) => (
                    <Badge
                      key={`${field} ${action}`}
                      variant="default"
                      size="sm"
                      tt="none"
                      fw={500}
                      maw={180}
                      data-keep={action === 'keep' || undefined}
                    >
                      {field}
                    </Badge>
                  ))}
                  {change.fields.length > 4 && (
                    <Text size="xs" c="dimmed">
                      +{change.fields.length - 4}
                    </Text>
                  )}
                </Group>
              </div>
            </Accordion.Control>
            <Accordion.Panel>
              <Fields change={change} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Card>
  );
}

function Fields({ change: { action, fields, provenance } }: { readonly change: Change }) {
  return (
    <>
      {fields.length === 0 ? (
        <Text size="sm" c="dimmed">
          {action === 'create' ? planTexts.allNew : planTexts.noFields}
        </Text>
      ) : (
        <WideTable minWidth={680} label={planTexts.fields}>
          <Table className={classes.table!} layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th w="22%">{planTexts.field}</Table.Th>
                <Table.Th w="29%">{planTexts.before}</Table.Th>
                <Table.Th w="29%">{planTexts.after}</Table.Th>
                <Table.Th>{planTexts.reason}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {fields.map(({ field, action, from, to, reason }) => (
                <Table.Tr key={`${field} ${action} ${to}`}>
                  <Table.Td fw={600}>{field}</Table.Td>
                  <Table.Td>
                    <Value text={from} tone={action === 'replace' || action === 'remove' ? 'old' : undefined} />
                  </Table.Td>
                  <Table.Td>
                    {action === 'keep' ? (
                      <Text size="sm" c="dimmed">
                        {planTexts.kept}
                      </Text>
                    ) : (
                      <Value text={to} tone={action === 'add' || action === 'replace' ? 'new' : undefined} />
                    )}
                  </Table.Td>
                  <Table.Td c="dimmed">{reason}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
      {provenance && (
        <Text size="xs" c="dimmed" mt="xs" style={{ overflowWrap: 'anywhere' }}>
          {planTexts.source}: {provenance.typeName} {provenance.qualifiedName}
        </Text>
      )}
    </>
  );
}

function Value({ text, tone }: { readonly text: string | undefined; readonly tone: 'old' | 'new' | undefined }) {
  if (text === undefined || text === '') {
    return (
      <Text size="sm" c="dimmed" fs="italic">
        {planTexts.empty}
      </Text>
    );
  }
  return (
    <span className={classes.value} data-tone={tone}>
      {text}
    </span>
  );
}
