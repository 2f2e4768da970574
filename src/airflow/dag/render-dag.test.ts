import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { AirflowDeployment, AirflowSettings } from '../deployment.ts';
import { pythonData, readDagHeader, renderDag } from './render-dag.ts';

const settings: AirflowSettings = {
  description: 'of a test',
  owner: 'meridian',
  email: [],
  emailOnFailure: false,
  smtpConnectionId: 'smtp_default',
  retries: 3,
  retryDelaySeconds: 300,
  executionTimeoutSeconds: 3600,
  startDate: '2025-01-01',
  endDate: null,
  schedule: '*/5 * * * *',
  timezone: 'UTC',
  catchup: false,
  maxActiveRuns: 1,
  isPausedUponCreation: false,
  tags: ['meridian'],
  form: 'auto',
  queue: 'node',
  bashQueue: null,
  partitions: 4,
};

function deployment(recipe: Record<string, unknown>, more: Partial<AirflowSettings> = {}): AirflowDeployment {
  return {
    deploymentVersion: 1,
    dagId: 'company_atlas',
    pipeline: 'om.example/atlas/company_atlas',
    command: ['meridian'],
    folder: '/recipes',
    recipe,
    connections: [],
    variables: [],
    asset: { name: 'company_atlas', uri: 'meridian://dags/company_atlas' },
    settings: { ...settings, ...more },
  };
}

/** Everything that means something to Python, to a shell, to Jinja, to JSON, or to whoever splits lines. */
const traps = [
  "'''",
  '"""',
  "'",
  '"',
  '\\',
  '\\\\',
  "\\'''",
  '\n',
  '\r\n',
  '\0',
  '\u2028',
  '\u2029',
  '\u0085',
  '\f',
  '\v',
  '{{ 1 + 1 }}',
  '{% raw %}',
  '{#',
  '%(x)s',
  '${HOME}',
  '$(id)',
  '`id`',
  '#',
  '\nimport os\n',
  "''')\nraise SystemExit(9)\n",
  '\ud800',
  '😀',
  'é',
  '\ufeff',
  '# -*- coding: utf-7 -*-',
  '\\N{BULLET}',
  '\\x41',
  '\\u0041',
  ' '.repeat(3),
  '\t',
];

/** A stream of numbers that a seed determines. */
function draws(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

function trickyTexts(count: number): string[] {
  const draw = draws(20_261_125);
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + draw(6) }, () => traps[draw(traps.length)]!).join(''),
  );
}

const python = spawnSync('python3', ['-c', 'print(1)']).status === 0;
if (!python) console.warn('Skipped in part: there is no Python here.');

/** Python's syntax tree tells whether data stayed data: one assignment whose only argument is a constant. */
const reading = `
import ast, json, sys
texts = json.load(sys.stdin)
for source, expected, kind in texts:
    tree = ast.parse(source)
    data = next(node for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == "DEPLOYMENT")
    assert isinstance(data.value.args[0], ast.Constant) and len(data.value.args) == 1, source
    assert json.loads(data.value.args[0].value) == json.loads(expected), source
    data.value.args[0].value = ""
    skeleton = ast.dump(tree)
    if kind == "first":
        first = skeleton
    assert skeleton == first, "the recipe changed the code"
print("fine")
`;

describe('renderDag', () => {
  it.runIf(python)('whatever a recipe says stays data, to Python itself', () => {
    const cases = trickyTexts(400).map((text, i) => {
      const made = deployment(
        { source: { serviceName: text, [text]: [text, { deeper: text }] } },
        { description: text, owner: text, tags: [text], email: [text] },
      );
      return [renderDag(made, '0.1.0'), JSON.stringify(made), i === 0 ? 'first' : 'next'];
    });
    const { stdout, stderr } = spawnSync('python3', ['-c', reading], {
      input: JSON.stringify(cases),
      encoding: 'utf8',
      maxBuffer: 1e9,
    });
    expect(stderr).toBe('');
    expect(stdout).toBe('fine\n');
  });

  it('the file is printable ASCII, its data holds no quote that could end it, and nothing of it is a template', () => {
    for (const text of trickyTexts(100)) {
      const file = renderDag(deployment({ text }, { description: text }), '0.1.0');
      expect(file).toMatch(/^[\n\x20-\x7e]*$/);
      const data = pythonData({ text });
      expect(data.slice(4, -3)).not.toContain("'");
      expect(JSON.parse(data.slice(4, -3))).toEqual({ text });
    }
    const code = renderDag(deployment({}), '0.1.0');
    expect(code).not.toContain('{{');
    expect(code).toContain('template_fields = ()');
  });

  it('knows its own files, and which of them somebody has changed', () => {
    const file = renderDag(deployment({ a: '\n# meridian-dag: {"dagId":"x"}\n' }), '0.1.0');
    expect(readDagHeader(file)).toMatchObject({
      dagId: 'company_atlas',
      pipeline: 'om.example/atlas/company_atlas',
      version: '0.1.0',
      isIntact: true,
    });
    expect(readDagHeader(file.replace('retries', 'retrys'))).toMatchObject({ isIntact: false });
    expect(readDagHeader(`import airflow\n${file}`)).toBeUndefined();
    expect(readDagHeader(file.replace('"dagId":', '"dag":'))).toBeUndefined();
  });

  it('the lines that Airflow reads again stay where they are, whatever the data', () => {
    const linesOf = (file: string) =>
      file.split('\n').flatMap((line, i) => (/^def (plan|ingest|finish)\(/.test(line) ? [i] : []));
    const one = linesOf(renderDag(deployment({}), '0.1.0'));
    expect(one).toHaveLength(3);
    expect(linesOf(renderDag(deployment({ a: ['much', 'more', 'data'] }), '0.1.0'))).toEqual(one);
  });

  it('a native DAG file holds no recipe, and a Bash one no stubs', () => {
    expect(renderDag(deployment({ secretPlan: 1 }, { form: 'native' }), '0.1.0')).not.toContain('secretPlan');
    expect(renderDag(deployment({}, { form: 'native' }), '0.1.0')).not.toContain('BashOperator');
    expect(renderDag(deployment({}, { form: 'bash' }), '0.1.0')).not.toContain('task.stub');
  });
});

/** Runs a DAG file among stand-ins of what it imports, and prints its tasks and which follow which. */
const running = `
import json, sys, types
source, version = json.load(sys.stdin)
made = []
class Task:
    def __init__(self, name): self.name = name; made.append(name); self.output = self
    def __rshift__(self, other): made.append(self.name + ">" + other.name); return other
class Stub:
    def __init__(self, function): self.name = function.__name__
    def __call__(self, *_): return Task(self.name)
    expand = lambda self, **_: Task(self.name)
class Dag:
    def __init__(self, **_): pass
    def __enter__(self): return self
    def __exit__(self, *_): pass
class Bash:
    def __init__(self, *, task_id, bash_command, **_): Task(task_id); self.name = task_id; self.output = self
    def __rshift__(self, other): made.append(self.name + ">" + other.name); return other
    @classmethod
    def partial(cls, **given): return types.SimpleNamespace(expand=lambda part: cls(part=part, **given))
def module(name, **content):
    sys.modules[name] = types.SimpleNamespace(__name__=name, __path__=[], **content)
thing = lambda *_, **__: types.SimpleNamespace(in_timezone=lambda zone: None)
module("pendulum", parse=thing)
module("airflow", __version__=version)
module("airflow.configuration", conf=types.SimpleNamespace(getjson=lambda *_, **__: {"node": "x"}))
sdk = dict(DAG=Dag, Asset=thing, Connection=types.SimpleNamespace(get=thing), Variable=thing)
module("airflow.sdk", task=types.SimpleNamespace(stub=lambda **_: Stub), **sdk)
module("airflow.sdk.exceptions", AirflowException=Exception, AirflowFailException=Exception)
for name in ("airflow.providers", "airflow.providers.standard", "airflow.providers.standard.operators"): module(name)
module("airflow.providers.standard.operators.bash", BashOperator=Bash)
exec(compile(source, "dag.py", "exec"), {"__name__": "dag"})
print(json.dumps(made))
`;

describe.runIf(python)('the tasks of a DAG file', () => {
  const tasksOf = (more: Partial<AirflowDeployment>, form: AirflowSettings['form']): readonly string[] => {
    const made = { ...deployment({}, { form }), ...more };
    const input = JSON.stringify([renderDag(made, '0.1.0'), '3.3.2']);
    const { stdout, stderr } = spawnSync('python3', ['-c', running], { input, encoding: 'utf8' });
    expect(stderr).toBe('');
    return JSON.parse(stdout) as string[];
  };

  it.each(['native', 'bash', 'auto'] as const)(
    'are three in the form %s, and one for a recipe that profiles',
    (form) => {
      expect(tasksOf({}, form)).toEqual(['plan', 'ingest', 'finish', 'ingest>finish']);
      expect(tasksOf({ work: 'profile' }, form)).toEqual(['profile']);
    },
  );
});
