import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

const folder = join(import.meta.dirname, '..', '..', 'deploy');
const dockerfile = readFileSync(join(folder, 'Dockerfile'), 'utf8');
const documents = parseAllDocuments(readFileSync(join(folder, 'kubernetes.yaml'), 'utf8')).map((each) => each.toJS());
const of = (kind: string) => documents.find((each) => each.kind === kind);
const pod = of('Deployment').spec.template.spec;
const [container] = pod.containers;

describe('the container', () => {
  it('runs as nobody in particular, and can write to its volumes alone', () => {
    const user = Number(/^USER (\d+):\d+$/m.exec(dockerfile)?.[1]);
    expect(user).toBeGreaterThan(0);
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: user, fsGroup: user });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod.automountServiceAccountToken).toBe(false);
    const written = container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath);
    expect(written.toSorted()).toEqual(['/data', '/tmp']);
    expect(dockerfile).toMatch(/MERIDIAN_HOME=\/data/);
    expect(dockerfile).toMatch(/^VOLUME \/data$/m);
  });

  it('holds no secret, and is reached at one port', () => {
    expect(dockerfile).not.toMatch(/^(?:ENV|ARG)\b.*(?:PASSWORD|TOKEN|KEY|SECRET)/m);
    const port = Number(/^EXPOSE (\d+)$/m.exec(dockerfile)?.[1]);
    expect(dockerfile).toContain(`"--port", "${port}"`);
    expect(container.ports).toEqual([{ name: 'http', containerPort: port }]);
    expect(of('Service').spec.ports[0]).toMatchObject({ port, targetPort: 'http' });
  });

  it('is one alone: two would own the same schedules', () => {
    expect(of('Deployment').spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
  });
});
