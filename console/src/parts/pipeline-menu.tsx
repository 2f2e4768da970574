import { ActionIcon, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconPencil, IconPlayerPause, IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { Link } from 'react-router';
import { pipelinePath, usePipelineActions } from '../api/pipelines.ts';
import { pipelineTexts } from '../texts/pipelines.ts';
import { Confirm } from './confirm.tsx';

interface PipelineMenuProps {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly scheduled: boolean;
}

/** What is done less often with a pipeline. */
export function PipelineMenu({ id, name, enabled, scheduled }: PipelineMenuProps) {
  const [asking, { open, close }] = useDisclosure(false);
  const { setEnabled, remove } = usePipelineActions(id);
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={pipelineTexts.menuOf(name)}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component={Link} to={pipelinePath(id, 'edit')} leftSection={<IconPencil size={16} />}>
            {pipelineTexts.edit}
          </Menu.Item>
          {scheduled && (
            <Menu.Item
              leftSection={enabled ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
              onClick={() => setEnabled.mutate(!enabled)}
            >
              {enabled ? pipelineTexts.pause : pipelineTexts.resume}
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={open}>
            {pipelineTexts.remove}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={asking}
        onClose={close}
        title={pipelineTexts.removeAsk.title(name)}
        help={pipelineTexts.removeAsk.help}
        confirm={pipelineTexts.removeAsk.confirm}
        onConfirm={() => remove.mutate()}
      />
    </>
  );
}
