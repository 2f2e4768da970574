import { ActionIcon, Button, Group, Switch, Text, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconDownload, IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { LogBuffer } from '../../api/log-buffer.ts';
import { runTexts } from '../../texts/runs.ts';
import { LogLines, lineHeight } from './log-lines.tsx';

const words = runTexts.log;

interface LogViewProps {
  readonly log: LogBuffer;
  /** Where the whole can be downloaded. */
  readonly address: string;
  readonly live: boolean;
}

/** A log that follows what comes, with search. Only the lines in sight are in the page, so that long ones stay quick. */
export function LogView({ log, address, live }: LogViewProps) {
  const version = useSyncExternalStore(log.subscribe, () => log.version);
  const box = useRef<HTMLDivElement>(null);
  const [follow, setFollow] = useState(live);
  const [search, setSearch] = useState('');
  const [current, setCurrent] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the lines
  const matches = useMemo(() => {
    const word = search.trim().toLowerCase();
    if (word === '') return [];
    return log.lines.flatMap((line, index) => (line.toLowerCase().includes(word) ? [index] : []));
  }, [log, version, search]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the lines
  useEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [follow, version]);

  const goTo = (index: number): void => {
    if (matches.length === 0 || !box.current) return;
    const next = (index + matches.length) % matches.length;
    setCurrent(next);
    setFollow(false);
    box.current.scrollTop = Math.max(0, matches[next]! * lineHeight - box.current.clientHeight / 2);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    goTo(event.shiftKey ? current - 1 : current + 1);
  };
  return (
    <div>
      <Group mb="sm" gap="sm">
        <TextInput
          aria-label={words.search}
          placeholder={words.search}
          leftSection={<IconSearch size={16} />}
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            setCurrent(-1);
          }}
          onKeyDown={onKey}
          w={{ base: '100%', xs: 260 }}
        />
        {search.trim() !== '' && (
          <Group gap={4}>
            <Text size="sm" c="dimmed" className="numbers" role="status">
              {words.matches(matches.length)}
            </Text>
            <ActionIcon variant="subtle" color="gray" aria-label={words.previous} onClick={() => goTo(current - 1)}>
              <IconChevronUp size={18} />
            </ActionIcon>
            <ActionIcon variant="subtle" color="gray" aria-label={words.next} onClick={() => goTo(current + 1)}>
              <IconChevronDown size={18} />
            </ActionIcon>
          </Group>
        )}
        <Group gap="md" ml="auto">
          {live && (
            <Switch
              label={words.follow}
              checked={follow}
              onChange={(event) => setFollow(event.currentTarget.checked)}
            />
          )}
          <Button
            component="a"
            href={address}
            download
            variant="default"
            size="xs"
            leftSection={<IconDownload size={14} />}
          >
            {words.download}
          </Button>
        </Group>
      </Group>
      <LogLines
        ref={box}
        lines={log.lines}
        version={version}
        search={search.trim()}
        current={matches[current]}
        onScrolledUp={() => setFollow(false)}
      />
    </div>
  );
}
