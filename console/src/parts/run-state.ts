import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleXFilled,
  IconClockHour4,
  IconPlayerPlayFilled,
  IconPlayerStopFilled,
} from '@tabler/icons-react';
import type { PipelineState } from '../../../src/engine/engine.ts';

/** How a state looks: never by colour alone. `color` is a variable of console.css. */
export const runStates = {
  queued: { icon: IconClockHour4, color: 'var(--console-quiet)', badge: 'gray' },
  running: { icon: IconPlayerPlayFilled, color: 'var(--console-busy)', badge: 'meridian' },
  success: { icon: IconCircleCheckFilled, color: 'var(--console-good)', badge: 'green' },
  partialSuccess: { icon: IconAlertTriangleFilled, color: 'var(--console-warn)', badge: 'orange' },
  failed: { icon: IconCircleXFilled, color: 'var(--console-bad)', badge: 'red' },
  stopped: { icon: IconPlayerStopFilled, color: 'var(--console-quiet)', badge: 'gray' },
} as const satisfies Readonly<Record<PipelineState, unknown>>;
