/** The parts of OpenMetadata's ingestion pipeline that a deployment goes by; what else is in it is not looked at. */
export interface DeployedPipeline {
  readonly id?: string;
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly fullyQualifiedName: string;
  readonly pipelineType: string;
  readonly sourceConfig: { readonly config?: Readonly<Record<string, unknown>> };
  readonly openMetadataServerConnection: ServerConnection;
  readonly airflowConfig: AirflowConfig;
  readonly service: ServiceReference;
  readonly loggerLevel?: string;
  readonly enabled?: boolean;
  /** From OpenMetadata 1.7 on. */
  readonly raiseOnError?: boolean;
  /** Until 1.3. */
  readonly owner?: Reference;
  readonly owners?: readonly Reference[];
  readonly tags?: readonly { readonly tagFQN?: string }[];
}

export interface ServerConnection {
  readonly hostPort: string;
  readonly [key: string]: unknown;
}

interface Reference {
  readonly name?: string;
  readonly displayName?: string;
}

export interface ServiceReference {
  readonly id: string;
  /** Such as `metadataService`. */
  readonly type: string;
  readonly name?: string;
}

/** OpenMetadata's schedule of a pipeline. */
export interface AirflowConfig {
  readonly pausePipeline?: boolean;
  readonly startDate?: string | number;
  readonly endDate?: string | number;
  readonly pipelineTimezone?: string;
  readonly retries?: number;
  /** Seconds. */
  readonly retryDelay?: number;
  readonly pipelineCatchup?: boolean;
  readonly scheduleInterval?: string;
  readonly maxActiveRuns?: number;
  /** Seconds. */
  readonly workflowTimeout?: number;
  readonly email?: string;
}

const text = (maxLength = 3000) => ({ type: ['string', 'null'], maxLength });
const name = { type: 'string', minLength: 1, maxLength: 256 } as const;
const reference = { type: ['object', 'null'], properties: { name: text(), displayName: text() } } as const;
const whole = { type: ['integer', 'null'], minimum: 0 } as const;
const flag = { type: ['boolean', 'null'] } as const;
const time = { type: ['string', 'number', 'null'] } as const;

const serverConnection = {
  type: 'object',
  required: ['hostPort'],
  properties: { hostPort: { type: 'string', minLength: 1, maxLength: 2000 } },
} as const;

/** JSON Schema of what is deployed: later servers may say more. */
export const deployBody = {
  type: 'object',
  required: [
    ...['name', 'fullyQualifiedName', 'pipelineType', 'sourceConfig'],
    ...['openMetadataServerConnection', 'airflowConfig', 'service'],
  ],
  properties: {
    name,
    displayName: text(),
    description: text(100_000),
    fullyQualifiedName: name,
    pipelineType: name,
    sourceConfig: { type: 'object', properties: { config: { type: ['object', 'null'] } } },
    openMetadataServerConnection: serverConnection,
    airflowConfig: {
      type: 'object',
      properties: {
        pausePipeline: flag,
        startDate: time,
        endDate: time,
        pipelineTimezone: text(100),
        retries: { ...whole, maximum: 100 },
        retryDelay: { ...whole, maximum: 604_800 },
        pipelineCatchup: flag,
        scheduleInterval: text(200),
        maxActiveRuns: { ...whole, maximum: 100 },
        workflowTimeout: whole,
        email: text(),
      },
    },
    service: {
      type: 'object',
      required: ['id', 'type'],
      properties: {
        id: { type: 'string', pattern: '^[\\da-fA-F-]{36}$' },
        type: { type: 'string', pattern: '^[A-Za-z]{1,60}$' },
        name: text(256),
      },
    },
    loggerLevel: text(20),
    enabled: flag,
    raiseOnError: flag,
    owner: reference,
    owners: { type: ['array', 'null'], items: reference },
    tags: { type: ['array', 'null'], items: { type: 'object', properties: { tagFQN: text() } } },
  },
} as const;

/** JSON Schema of what “Test connection” sends. */
export const automationBody = {
  type: 'object',
  required: ['name', 'openMetadataServerConnection'],
  properties: {
    name,
    workflowType: text(100),
    openMetadataServerConnection: serverConnection,
    request: {
      type: ['object', 'null'],
      properties: { connectionType: text(100), serviceType: text(100), connection: { type: ['object', 'null'] } },
    },
  },
} as const;

/** JSON leaves out what is not set, or says null: both mean the same. */
export function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutNulls) as T;
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item)])) as T;
}
