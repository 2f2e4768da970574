import { checkSource } from '../../cli/check-source.ts';
import type { TestStep } from '../../cli/test-step.ts';
import { loadRecipe } from '../../config/load-recipe.ts';
import { Redactor } from '../../config/redactor.ts';
import { secretsOf } from '../../config/secrets-of.ts';
import { MeridianError } from '../../errors.ts';
import type {
  AutomationWorkflow,
  ConnectionTestResult,
  ConnectionTestStep,
  ConnectionTestStepDefinition,
} from '../../openmetadata/automations-api.ts';
import { OpenMetadataClient } from '../../openmetadata/openmetadata-client.ts';
import { OpenMetadataTarget } from '../../openmetadata/openmetadata-target.ts';
import { ServerError } from '../server-error.ts';
import { type DeployDeps, requireClearSecrets } from './deploy-pipeline.ts';
import type { ServerConnection } from './deployed-pipeline.ts';
import { knownConnection, recipeOfTest } from './recipe-of-deployment.ts';
import { requireServedConnection } from './served-pipelines.ts';

/** What “Test connection” sends. Its secrets may be encrypted; those of the server's own copy are not. */
export interface SentAutomation {
  readonly name: string;
  readonly workflowType?: string;
  readonly openMetadataServerConnection: ServerConnection;
}

export interface RunningTest {
  /** Fulfilled when the result is with the server; rejects when it does not take it. */
  readonly done: Promise<ConnectionTestResult>;
}

/** OpenMetadata's page waits for two minutes. */
const patienceMs = 100_000;
const onlyStep: readonly ConnectionTestStepDefinition[] = [{ name: 'CheckAccess', mandatory: true }];

/**
 * Tests a connection for OpenMetadata's page: each step's outcome is written to the server as soon as it is known.
 *
 * @returns as soon as it is clear that there is something to test
 * @throws ServerError, ConnectionError, AuthenticationError when there is not
 */
export async function testAutomation(
  sent: SentAutomation,
  { defaults, version, env }: DeployDeps,
): Promise<RunningTest> {
  if (sent.workflowType !== undefined && sent.workflowType !== 'TEST_CONNECTION') {
    throw new ServerError('managed.automation-not-served', `Meridian has no automation ${sent.workflowType}.`, {
      status: 400,
      help: 'It tests connections.',
    });
  }
  const redactor = new Redactor(secretsOf(sent.openMetadataServerConnection, []));
  const client = new OpenMetadataClient(knownConnection(sent.openMetadataServerConnection), {
    redact: (text) => redactor.redact(text),
    learn: (secret) => redactor.learn(secret),
  });
  const signal = AbortSignal.timeout(patienceMs);
  try {
    const { capabilities } = await client.connect(signal);
    await version.learn(capabilities.version.text);
    const automation = await client.getAutomation(sent.name, signal);
    const { connectionType = '' } = automation?.request ?? {};
    if (!automation) {
      throw new ServerError('managed.unknown-automation', `OpenMetadata has no automation ${sent.name}.`, {
        status: 404,
      });
    }
    requireServedConnection(connectionType);
    const steps = (await client.connectionTestSteps(connectionType, signal)) ?? onlyStep;
    const done = runTest({ automation, sent, steps, client, redactor, signal, defaults, env }).finally(() =>
      client.close(),
    );
    return { done };
  } catch (error) {
    await client.close();
    throw error;
  }
}

interface Test extends Pick<DeployDeps, 'defaults' | 'env'> {
  readonly automation: AutomationWorkflow;
  readonly sent: SentAutomation;
  readonly steps: readonly ConnectionTestStepDefinition[];
  readonly client: OpenMetadataClient;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
}

async function runTest({ automation, steps, client, redactor, signal, ...test }: Test): Promise<ConnectionTestResult> {
  const told: TestStep[] = [];
  const write = async (status: ConnectionTestResult['status']): Promise<ConnectionTestResult> => {
    const result = redactor.redactValue(
      { lastUpdatedAt: Date.now(), status, steps: resultOf(told, steps, status !== 'Running') },
      3,
    );
    await client.putAutomationResult(automation.id, result, AbortSignal.timeout(patienceMs));
    return result;
  };
  for await (const step of sourceSteps({ automation, client, redactor, signal, ...test })) {
    told.push(step);
    // The last step is told with the end.
    if (step.ok) await write('Running');
  }
  const ok = told.length > 0 && told.every((step) => step.ok);
  return write(ok ? 'Successful' : 'Failed');
}

async function* sourceSteps({
  automation,
  sent,
  client,
  redactor,
  signal,
  defaults,
  env,
}: Omit<Test, 'steps'>): AsyncGenerator<TestStep> {
  const { request } = automation;
  try {
    const name = request?.serviceName ?? 'connection-test';
    const connection = request?.connection?.config ?? {};
    requireClearSecrets(connection, name);
    const service = { name, serviceType: request?.connectionType ?? '', connection };
    const recipe = recipeOfTest(service, sent.openMetadataServerConnection, defaults);
    const { settings, secrets } = await loadRecipe(recipe, { env, allowExec: false, allowConnectors: false });
    for (const secret of secrets) redactor.learn(secret);
    const options = {
      redact: (text: string) => redactor.redact(text),
      learn: (secret: string) => redactor.learn(secret),
      targetNames: new OpenMetadataTarget(client, signal),
    };
    yield* checkSource(settings, options, env, signal);
  } catch (error) {
    if (!(error instanceof MeridianError)) throw error;
    const { message, help, exitCode } = error;
    yield {
      system: 'source',
      name: 'connection',
      ok: false,
      message,
      ms: 0,
      exitCode,
      ...(help !== undefined && { help }),
    };
  }
}

/**
 * Our steps in the words of the server's page. Its first step is access: reaching the server and signing in; where that
 * fails, nothing else is tried. Whatever else it lists is reading, which ours show by counting what a run would read.
 */
function resultOf(
  told: readonly TestStep[],
  steps: readonly ConnectionTestStepDefinition[],
  isOver: boolean,
): readonly ConnectionTestStep[] {
  const [access, ...others] = steps;
  const isReading = ({ name }: TestStep): boolean => name.startsWith('read ');
  const reading = others.length > 0 ? told.filter(isReading) : [];
  const reaching = told.filter((step) => !reading.includes(step));
  if (!access || !(isOver || reading.length > 0)) return [];
  const first = lineOf(access, reaching);
  if (!first.passed || !isOver) return [first];
  return [first, ...others.map((step) => lineOf(step, reading))];
}

function lineOf(
  { name, mandatory, errorMessage }: ConnectionTestStepDefinition,
  told: readonly TestStep[],
): ConnectionTestStep {
  const failed = told.find((step) => !step.ok);
  const sentences = told.map((step) => `${step.name}: ${step.message} (${step.ms} ms)`).join('\n');
  if (!failed) return { name, mandatory, passed: true, message: sentences };
  const message = failed.help ?? errorMessage ?? failed.message;
  return { name, mandatory, passed: false, message, errorLog: sentences };
}
