import type { Api } from './api.ts';
import type { Entity } from './entities.ts';

const path = '/automations/workflows';

/** What OpenMetadata's “Test connection” asks for. */
export interface AutomationWorkflow extends Entity {
  readonly workflowType?: string;
  readonly request?: {
    readonly connection?: { readonly config?: Readonly<Record<string, unknown>> };
    readonly serviceType?: string;
    readonly connectionType?: string;
    readonly serviceName?: string;
  };
}

/** One line of the result, as OpenMetadata's page shows it. */
export interface ConnectionTestStep {
  /** A step's name of the connector's definition. */
  readonly name: string;
  readonly mandatory: boolean;
  readonly passed: boolean;
  readonly message?: string;
  readonly errorLog?: string;
}

export interface ConnectionTestResult {
  /** Epoch milliseconds. */
  readonly lastUpdatedAt: number;
  readonly status: 'Running' | 'Successful' | 'Failed';
  readonly steps: readonly ConnectionTestStep[];
}

/** A step that the page of a connector lists. */
export interface ConnectionTestStepDefinition {
  readonly name: string;
  readonly mandatory: boolean;
  readonly errorMessage?: string;
}

/** With its secrets in clear, where a bot asks: what a server sends along with a call is encrypted on some versions. */
export function getAutomation(api: Api, name: string, signal: AbortSignal): Promise<AutomationWorkflow | undefined> {
  return api.find<AutomationWorkflow>(`${path}/name/${encodeURIComponent(name)}`, {}, signal);
}

export async function putAutomationResult(
  api: Api,
  id: string,
  result: ConnectionTestResult,
  signal: AbortSignal,
): Promise<void> {
  const operations = [
    { op: 'add', path: '/response', value: result },
    { op: 'add', path: '/status', value: result.status },
  ];
  await api.patch(`${path}/${id}`, operations, signal);
}

/** The steps that the server's page shows for a connector; undefined where it has none. Versions differ in the name. */
export async function connectionTestSteps(
  api: Api,
  connectionType: string,
  signal: AbortSignal,
): Promise<readonly ConnectionTestStepDefinition[] | undefined> {
  for (const name of [connectionType, `${connectionType}.testConnectionDefinition`]) {
    const found = await api.find<{ readonly steps?: readonly ConnectionTestStepDefinition[] }>(
      `/services/testConnectionDefinitions/name/${encodeURIComponent(name)}`,
      {},
      signal,
    );
    if (found?.steps?.length) return found.steps;
  }
  return undefined;
}
