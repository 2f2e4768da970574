import type { CommandEntry } from './command-context.ts';

/** Every command, in the order of the help. Only the one that is asked for is loaded. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'ingest',
    summary: 'bring OpenMetadata in step with the source',
    configure: async (command, context) => (await import('./ingest-command.ts')).configureIngest(command, context),
  },
  {
    name: 'plan',
    summary: 'show what an ingest would change, and why; sends nothing',
    configure: async (command, context) => (await import('./plan-command.ts')).configurePlan(command, context),
  },
  {
    name: 'profile',
    summary: 'compute profiles of tables, and propose tags for personal data',
    configure: async (command, context) => (await import('./profile-command.ts')).configureProfile(command, context),
  },
  {
    name: 'watch',
    summary: 'follow the source’s change feed, and apply each change within seconds',
    configure: async (command, context) => (await import('./watch-command.ts')).configureWatch(command, context),
  },
  {
    name: 'validate',
    summary: 'check a recipe without contacting anything',
    configure: async (command, context) => (await import('./validate-command.ts')).configureValidate(command, context),
  },
  {
    name: 'test',
    summary: 'connect to source and target, and say what works',
    configure: async (command, context) => (await import('./test-command.ts')).configureTest(command, context),
  },
  {
    name: 'explain',
    summary: 'where the fields of an entity come from',
    configure: async (command, context) => (await import('./explain-command.ts')).configureExplain(command, context),
  },
  {
    name: 'export',
    summary: 'write what the source says to a file, for a source of type File',
    configure: async (command, context) => (await import('./export-command.ts')).configureExport(command, context),
  },
  {
    name: 'undo',
    summary: 'take back what a run wrote and nobody has touched since',
    configure: async (command, context) => (await import('./undo-command.ts')).configureUndo(command, context),
  },
  {
    name: 'replay',
    summary: 'send refused requests again',
    configure: async (command, context) => (await import('./replay-command.ts')).configureReplay(command, context),
  },
  {
    name: 'state',
    summary: 'look at what is remembered between runs, or clear it',
    configure: async (command, context) => (await import('./state-command.ts')).configureState(command, context),
  },
  {
    name: 'airflow',
    summary: 'run the recipe as a DAG of Airflow: render, deploy, remove',
    configure: async (command, context) => (await import('./airflow-command.ts')).configureAirflow(command, context),
  },
  {
    name: 'serve',
    summary: 'run pipelines by schedule, behind OpenMetadata’s pages and a console',
    configure: async (command, context) => (await import('./serve-command.ts')).configureServe(command, context),
  },
  {
    name: 'connector',
    summary: 'list the connectors, or make one of your own',
    configure: async (command, context) =>
      (await import('./connector-command.ts')).configureConnector(command, context),
  },
  {
    name: 'sandbox',
    summary: 'start stand-ins of Atlas and OpenMetadata to try things on',
    configure: async (command, context) => (await import('./sandbox-command.ts')).configureSandbox(command, context),
  },
  {
    name: 'schema',
    summary: 'print a JSON Schema: of recipes, reports, plans',
    configure: async (command, context) => (await import('./schema-command.ts')).configureSchema(command, context),
  },
  {
    name: 'doctor',
    summary: 'look for what is wrong with this machine',
    configure: async (command, context) => (await import('./doctor-command.ts')).configureDoctor(command, context),
  },
  {
    name: 'config',
    summary: 'show the settings that a recipe comes to, and what won',
    configure: async (command, context) => (await import('./config-command.ts')).configureConfig(command, context),
  },
  {
    name: 'completion',
    summary: 'print the completion script of a shell',
    configure: async (command, context) =>
      (await import('./completion-command.ts')).configureCompletion(command, context),
  },
  {
    name: 'tell-lost',
    summary: 'tell OpenMetadata of a run whose process was killed',
    hidden: true,
    configure: async (command, context) => (await import('./tell-lost-command.ts')).configureTellLost(command, context),
  },
];
