import type { LogFields, LogLevel } from '../wire/task-log.ts';

/** Where a task says what it does; what it says is masked there. */
export type StepLog = (level: LogLevel, text: string, fields?: LogFields) => void;
