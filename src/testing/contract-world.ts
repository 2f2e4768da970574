import { loadRecipe } from '../config/load-recipe.ts';
import { Redactor } from '../config/redactor.ts';
import type { ConnectorSpec } from '../connectors/connector-spec.ts';
import { createSource } from '../connectors/create-source.ts';
import type { DefinedConnector } from '../connectors/external/define-connector.ts';
import type { SourceType } from '../connectors/registry.ts';
import type { Source } from '../connectors/source.ts';

/** `source.serviceConnection.config` of a recipe; asked for when a rule begins, so that a server may be started before. */
export type ContractConnection = () => object | Promise<object>;

/** What the contract of sources is tried on: a connector, and something small for it to read. */
export interface ContractWorld {
  /** What `defineConnector` gave, or the type of a connector of Meridian's own. */
  readonly connector: DefinedConnector | SourceType;
  /** Leads to a sample in which everything can be read. A few dozen records of each kind are enough. */
  readonly connection: ContractConnection;
  /**
   * Leads to the same sample on a server (or in a file) that fails in the middle: it lets the connector in and gives out some of
   * the sample, and then breaks off, answers with an error, or holds something that is no sense.
   */
  readonly failing: ContractConnection;
  /**
   * Leads to a sample that takes a source many requests (or rows, or pages) to read: it tells whether a source reads on while
   * nobody takes its records. `connection`'s unless there; `uncountable` where nobody can tell, such as for a file.
   */
  readonly large?: ContractConnection | 'uncountable';
  /** How much the source of `large` has been given so far; its own `requestCount()` unless there. */
  readonly taken?: () => number;
  /** Passwords and tokens of these connections. None may leave the source in a record, a message or a log. */
  readonly secrets: readonly string[];
  /** More of the recipe: what stands beside `serviceName` in `source.sourceConfig.config`, and under `meridian`. */
  readonly sourceConfig?: object;
  readonly meridian?: object;
  /** Folder of the recipe, where relative paths start from; the working directory unless set. */
  readonly folder?: string;
}

/** A source that was opened as a run opens it. */
export interface OpenedSource {
  readonly source: Source;
  readonly spec: ConnectorSpec;
  /** What it knows as secrets, beside those of the world: tokens that it got while running. */
  readonly learnt: ReadonlySet<string>;
}

/** Opens the world's source by a recipe with this connection; nothing else of the recipe is contacted. */
export async function openSource(world: ContractWorld, connection: object): Promise<OpenedSource> {
  const isOurs = typeof world.connector === 'string';
  const recipe = {
    source: {
      type: isOurs ? world.connector : './connector',
      serviceName: 'contract',
      serviceConnection: { config: connection },
      sourceConfig: { config: world.sourceConfig ?? {} },
    },
    sink: { type: 'metadata-rest' },
    workflowConfig: {
      openMetadataServerConfig: {
        hostPort: 'http://localhost:1/api',
        securityConfig: { jwtToken: 'token-of-the-target' },
      },
    },
    meridian: { mode: 'create', ...world.meridian },
  };
  const { settings, secrets } = await loadRecipe(recipe, {
    env: {},
    ...(world.folder !== undefined && { cwd: world.folder }),
    ...(!isOurs && { connector: world.connector as DefinedConnector }),
  });
  const redactor = new Redactor([...secrets, ...world.secrets]);
  const learnt = new Set<string>();
  const source = await createSource(settings, {
    redact: (text) => redactor.redact(text),
    learn: (secret) => {
      learnt.add(secret);
      redactor.learn(secret);
    },
    targetNames: { databases: async () => undefined },
  });
  return { source, spec: settings.source.spec, learnt };
}
