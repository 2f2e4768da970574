import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { FaultRule } from './faults.ts';
import type { PipelineServiceOptions } from './openmetadata/pipeline-service.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from './start-sandbox.ts';

interface Flags {
  readonly atlasData?: string;
  readonly tables?: number;
  readonly columns: number;
  readonly seed: number;
  readonly changedEvery?: number;
  readonly atlasVersion?: string;
  readonly atlasPort?: number;
  readonly atlasGateway?: string;
  readonly atlasFaults?: string;
  readonly openmetadataVersion?: string;
  readonly openmetadataPort?: number;
  readonly openmetadataData?: string;
  readonly openmetadataFaults?: string;
  readonly writeLatency?: number;
  readonly pipelineService?: string;
  readonly trino?: boolean;
  readonly trinoPort?: number;
}

/** The command `sandbox`: starts the stand-ins, prints one JSON line when they are ready, stays until a signal. */
export function createSandboxCommand(): Command {
  return new Command('sandbox')
    .description('Start stand-ins for Apache Atlas and OpenMetadata with a sample warehouse')
    .option('--atlas-data <dir>', 'replay a folder of recorded Atlas answers')
    .option('--tables <n>', 'made-up tables instead of the sample warehouse', wholeNumber)
    .option('--columns <n>', 'columns of each made-up table', wholeNumber, 10)
    .option('--seed <n>', 'another seed makes up other tables', wholeNumber, 1)
    .option('--changed-every <n>', 'every so many made-up tables, one has been changed just now', wholeNumber)
    .option('--atlas-version <version>', 'Atlas version to behave like', '2.5.0')
    .option('--atlas-port <port>', 'port of Atlas (0: any)', wholeNumber)
    .option('--atlas-gateway <path>', 'put Atlas behind a gateway with sessions, such as /gateway/sandbox/atlas')
    .option('--atlas-faults <file or JSON>', 'what shall go wrong: a JSON array of rules')
    .option('--openmetadata-version <version>', 'OpenMetadata version to behave like', '1.1.0')
    .option('--openmetadata-port <port>', 'port of OpenMetadata (0: any)', wholeNumber)
    .option('--openmetadata-data <file>', 'SQLite file that OpenMetadata keeps its data in')
    .option('--openmetadata-faults <file or JSON>', 'what shall go wrong: a JSON array of rules')
    .option(
      '--pipeline-service <url>',
      'the ingestion service of OpenMetadata; AIRFLOW_USERNAME and AIRFLOW_PASSWORD sign in there',
    )
    .option('--trino', 'start Trino too, with a small lakehouse; any user is let in')
    .option('--trino-port <port>', 'port of Trino (0: any)', wholeNumber)
    .option('--write-latency <ms>', 'how long each write to OpenMetadata takes', wholeNumber)
    .action(async (flags: Flags) => {
      const sandbox = await startSandbox(await toOptions(flags));
      const stopped = nextSignal();
      process.stdout.write(`${JSON.stringify(readyLine(sandbox))}\n`);
      await stopped;
      await sandbox.close();
    });
}

function readyLine(sandbox: Sandbox): Record<string, string> {
  const { atlas, openmetadata, token, trino } = sandbox;
  return { atlas: atlas.url, openmetadata: openmetadata.url, token, ...(trino && { trino: trino.url }) };
}

async function toOptions(flags: Flags): Promise<SandboxOptions> {
  const { tables, columns, seed, changedEvery } = flags;
  return {
    atlas: {
      port: flags.atlasPort,
      dataDir: flags.atlasData,
      version: flags.atlasVersion,
      ...(flags.atlasGateway !== undefined && { knoxPath: flags.atlasGateway, sessionRequests: 1_000 }),
      generate: tables === undefined ? undefined : { tables, columns, seed, changedEvery },
    },
    openmetadata: {
      ...(flags.openmetadataVersion === undefined ? {} : { version: flags.openmetadataVersion }),
      ...(flags.openmetadataPort === undefined ? {} : { port: flags.openmetadataPort }),
      ...(flags.openmetadataData === undefined ? {} : { dataFile: flags.openmetadataData }),
      ...(flags.pipelineService === undefined ? {} : { pipelineService: serviceAt(flags.pipelineService) }),
      ...(flags.writeLatency === undefined ? {} : { writeLatencyMs: flags.writeLatency }),
    },
    ...((flags.trino || flags.trinoPort !== undefined) && { trino: { port: flags.trinoPort } }),
    atlasFaults: await readRules(flags.atlasFaults),
    openmetadataFaults: await readRules(flags.openmetadataFaults),
  };
}

/** Named as a real server's settings are, with their defaults. */
function serviceAt(endpoint: string): PipelineServiceOptions {
  const { AIRFLOW_USERNAME: username = 'admin', AIRFLOW_PASSWORD: password = 'admin' } = process.env;
  return { endpoint, username, password };
}

/** Rules as JSON on the command line, or in a file. */
async function readRules(text: string | undefined): Promise<FaultRule[]> {
  if (text === undefined) {
    return [];
  }
  const rules: unknown = JSON.parse(text.trimStart().startsWith('[') ? text : await readFile(text, 'utf8'));
  if (!Array.isArray(rules)) {
    throw new TypeError('Faults are a JSON array of rules');
  }
  return rules as FaultRule[];
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new InvalidArgumentError('It must be a whole number.');
  }
  return Number(text);
}

function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve();
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
  });
}
