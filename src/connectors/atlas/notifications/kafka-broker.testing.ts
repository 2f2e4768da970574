import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const kafkaVersion = '4.1.0';
const cache = join(import.meta.dirname, '../../../../node_modules/.cache', `kafka-${kafkaVersion}`);

/** A real Kafka broker on the loopback address: one node, one process, its own folder. */
export interface KafkaBroker {
  /** Addresses by listener. The second and third ask for a user and a password; the third speaks TLS. */
  readonly plain: string;
  readonly sasl: string;
  readonly tls: string;
  readonly username: string;
  readonly password: string;
  /** PEM file of the certificate that signs the broker's own. */
  readonly caCertificate: string;
  /** Ends the broker's process at once and starts it again on the same data and ports. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const username = 'watcher';
const password = 'only-for-this-broker';

/**
 * Starts Apache Kafka (from Maven Central, kept under node_modules/.cache) in KRaft mode. Needs Java 17 and Maven.
 *
 * @throws with the output of what failed
 */
export async function startKafkaBroker(): Promise<KafkaBroker> {
  const jars = await installKafka();
  const folder = await mkdtemp(join(tmpdir(), 'meridian-kafka-'));
  const [plain, sasl, tls, controller] = await freePorts(4);
  const caCertificate = join(folder, 'ca.pem');
  const keystore = join(folder, 'broker.p12');
  const key = ['-alias', 'broker', '-keystore', keystore, '-storepass', password, '-storetype', 'PKCS12'];
  const names = ['-dname', 'CN=localhost', '-ext', 'SAN=ip:127.0.0.1,dns:localhost', '-validity', '30'];
  await run('keytool', ['-genkeypair', '-keyalg', 'RSA', ...key, ...names]);
  await run('keytool', ['-exportcert', '-rfc', ...key, '-file', caCertificate]);
  const properties = join(folder, 'server.properties');
  const ports = { plain: plain!, sasl: sasl!, tls: tls!, controller: controller! };
  await writeFile(properties, serverProperties(folder, keystore, ports));
  const classPath = join(jars, '*');
  const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name=${username},password=${password}]`,
  ]);
  const id = 'MkU3OEVBNTcwNTJENDM2Qg';
  await run('java', ['-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', id, '-c', properties, ...scram]);
  let broker = await startServer(classPath, properties, folder);
  return {
    plain: `127.0.0.1:${plain}`,
    sasl: `127.0.0.1:${sasl}`,
    tls: `127.0.0.1:${tls}`,
    username,
    password,
    caCertificate,
    async restart() {
      await stop(broker);
      broker = await startServer(classPath, properties, folder);
    },
    async close() {
      await stop(broker);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function installKafka(): Promise<string> {
  if (existsSync(cache)) return cache;
  const part = `${cache}.${process.pid}`;
  await mkdir(part, { recursive: true });
  const pom = join(part, 'pom.xml');
  const dependency = (group: string, artifact: string, version: string): string =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  await writeFile(
    pom,
    `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
     <groupId>meridian</groupId><artifactId>lane</artifactId><version>1</version><dependencies>
     ${dependency('org.apache.kafka', 'kafka_2.13', kafkaVersion)}
     ${dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', '2.24.3')}</dependencies></project>`,
  );
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${part}`];
  await run('mvn', ['-q', '-B', '-f', pom, ...goal], { maxBuffer: 64 * 1024 * 1024 });
  // Whole or not at all: a second run beside this one must not meet half of it.
  await rename(part, cache).catch(async (error: unknown) => {
    await rm(part, { recursive: true, force: true });
    if (!existsSync(cache)) throw error;
  });
  return cache;
}

interface Ports {
  readonly plain: number;
  readonly sasl: number;
  readonly tls: number;
  readonly controller: number;
}

function serverProperties(folder: string, keystore: string, ports: Ports): string {
  const addresses = [
    `PLAIN://127.0.0.1:${ports.plain}`,
    `SASL://127.0.0.1:${ports.sasl}`,
    `TLS://127.0.0.1:${ports.tls}`,
  ];
  const plainLogin = `org.apache.kafka.common.security.plain.PlainLoginModule required user_${username}="${password}";`;
  const scramLogin = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  const logins = ['sasl', 'tls'].flatMap((listener) => [
    `listener.name.${listener}.plain.sasl.jaas.config=${plainLogin}`,
    `listener.name.${listener}.scram-sha-256.sasl.jaas.config=${scramLogin}`,
    `listener.name.${listener}.scram-sha-512.sasl.jaas.config=${scramLogin}`,
  ]);
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${ports.controller}`,
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=PLAIN',
    `listeners=${addresses.join(',')},CONTROLLER://127.0.0.1:${ports.controller}`,
    `advertised.listeners=${addresses.join(',')}`,
    'listener.security.protocol.map=PLAIN:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SASL_SSL,CONTROLLER:PLAINTEXT',
    'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    ...logins,
    `ssl.keystore.location=${keystore}`,
    `ssl.keystore.password=${password}`,
    'ssl.keystore.type=PKCS12',
    `log.dirs=${join(folder, 'data')}`,
    'num.partitions=1',
    'offsets.topic.num.partitions=1',
    'offsets.topic.replication.factor=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'group.initial.rebalance.delay.ms=0',
    'group.min.session.timeout.ms=1000',
    'auto.create.topics.enable=false',
    '',
  ].join('\n');
}

async function startServer(classPath: string, properties: string, folder: string): Promise<ChildProcess> {
  const broker = spawn('java', ['-Xmx384m', '-cp', classPath, 'kafka.Kafka', properties], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LOG_DIR: folder },
  });
  let output = '';
  const take = (part: Buffer): void => {
    output = (output + part.toString()).slice(-20_000);
  };
  broker.stdout.on('data', take);
  broker.stderr.on('data', take);
  const { plain } = await portsOf(properties);
  for (;;) {
    if (broker.exitCode !== null) throw new Error(`Kafka ended with ${broker.exitCode}:\n${output}`);
    if (await answers(plain)) return broker;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function portsOf(properties: string): Promise<{ plain: number }> {
  const text = await readFile(properties, 'utf8');
  return { plain: Number(/PLAIN:\/\/127\.0\.0\.1:(\d+)/.exec(text)![1]) };
}

/** A broker that lists its topics is ready for more. */
async function answers(port: number): Promise<boolean> {
  const { Admin } = await import('@platformatic/kafka');
  const admin = new Admin({ clientId: 'probe', bootstrapBrokers: [`127.0.0.1:${port}`], retries: 0, timeout: 2000 });
  try {
    await admin.listTopics();
    return true;
  } catch {
    return false;
  } finally {
    await admin.close();
  }
}

async function stop(broker: ChildProcess): Promise<void> {
  if (broker.exitCode !== null) return;
  const ended = new Promise((resolve) => broker.once('exit', resolve));
  broker.kill('SIGKILL');
  await ended;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer();
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  return Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          const address = server.address();
          server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
        }),
    ),
  );
}
