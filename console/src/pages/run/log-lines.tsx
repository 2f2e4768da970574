import { Text } from '@mantine/core';
import { type Ref, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import { runTexts } from '../../texts/runs.ts';
import classes from './log-lines.module.css';

/** Pixels; the style sheet has the same. */
export const lineHeight = 20;
/** Lines above and below those in sight. */
const spare = 20;

interface LogLinesProps {
  readonly lines: readonly string[];
  /** Changes with the lines. */
  readonly version: number;
  readonly search: string;
  /** The line that the search has gone to. */
  readonly current: number | undefined;
  readonly onScrolledUp: () => void;
  readonly ref: Ref<HTMLDivElement>;
}

export function LogLines({ lines, version, search, current, onScrolledUp, ref }: LogLinesProps) {
  const box = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => box.current!);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(480);
  const last = useRef(0);
  useLayoutEffect(() => {
    if (!box.current) return;
    const observer = new ResizeObserver(([entry]) => setHeight(entry!.contentRect.height));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const first = Math.max(0, Math.floor(top / lineHeight) - spare);
  const end = Math.min(lines.length, Math.ceil((top + height) / lineHeight) + spare);
  return (
    <div
      ref={box}
      role="log"
      aria-live="off"
      aria-label={runTexts.log.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by the keyboard
      tabIndex={0}
      className={classes.box}
      data-version={version}
      onScroll={({ currentTarget }) => {
        if (currentTarget.scrollTop < last.current - 4) onScrolledUp();
        last.current = currentTarget.scrollTop;
        setTop(currentTarget.scrollTop);
      }}
    >
      {lines.length === 0 && (
        <Text c="dimmed" size="sm" p="md">
          {runTexts.log.empty}
        </Text>
      )}
      <div style={{ height: lines.length * lineHeight, position: 'relative' }}>
        <div style={{ transform: `translateY(${first * lineHeight}px)` }}>
          {lines.slice(first, end).map((line, index) => (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: a line of a log keeps its number
              key={first + index}
              className={classes.line}
              data-level={levelOf(line)}
              data-current={first + index === current || undefined}
            >
              <span className={classes.number} aria-hidden>
                {first + index + 1}
              </span>
              <Marked line={line} search={search} />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

/** Errors and warnings stand out. */
function levelOf(line: string): 'error' | 'warning' | undefined {
  if (/\b(error|fail(ed|ure)?)\b/i.test(line)) return /\b0 failed\b/i.test(line) ? undefined : 'error';
  return /\bwarn(ing)?\b/i.test(line) ? 'warning' : undefined;
}

/** A line with what was searched for marked in it. */
function Marked({ line, search }: { readonly line: string; readonly search: string }) {
  if (search === '') return <span>{line}</span>;
  const parts: string[] = [];
  const low = line.toLowerCase();
  const word = search.toLowerCase();
  let from = 0;
  for (let at = low.indexOf(word); at >= 0; at = low.indexOf(word, from)) {
    parts.push(line.slice(from, at), line.slice(at, at + word.length));
    from = at + word.length;
  }
  parts.push(line.slice(from));
  return (
    <span>
      {parts.map((part, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one line
        index % 2 === 1 ? <mark key={index}>{part}</mark> : part,
      )}
    </span>
  );
}
