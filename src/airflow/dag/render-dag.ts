import { createHash } from 'node:crypto';
import type { AirflowDeployment } from '../deployment.ts';
import { bashCode, dagCode, nativeCode, stubCode } from './dag-code.ts';

/** In the first lines of a DAG file: who wrote it and for what. */
export interface DagHeader {
  readonly dagId: string;
  readonly pipeline: string;
  /** Meridian's. */
  readonly version: string;
  /** Hex: SHA-256 of everything below the header. */
  readonly sha256: string;
}

const mark = '# meridian-dag: ';

/**
 * The DAG file of a deployment: Python that only declares, with what the recipe says as one JSON text.
 *
 * @param version Meridian's own
 */
export function renderDag(deployment: AirflowDeployment, version: string): string {
  const { form } = deployment.settings;
  const body = [
    imports,
    ...(form === 'bash' ? [] : [stubCode]),
    `\nDEPLOYMENT = json.loads(\n    ${pythonData(dataFor(deployment))}\n)\n`,
    dagCode,
    ...(form === 'bash' ? [] : [nativeCode]),
    ...(form === 'native' ? [] : [bashCode]),
  ].join('');
  const header: DagHeader = {
    dagId: deployment.dagId,
    pipeline: deployment.pipeline,
    version,
    sha256: digestOf(body),
  };
  return `${preamble}${mark}${asciiJson(header)}\n${body}`;
}

/** Where the tasks run natively, the recipe stands in the bundle alone. */
function dataFor(deployment: AirflowDeployment): Partial<AirflowDeployment> {
  if (deployment.settings.form !== 'native') return deployment;
  const { recipe: _recipe, folder: _folder, command: _command, ...shown } = deployment;
  return shown;
}

/** The header of a file that we wrote; undefined for one that is not ours. */
export function readDagHeader(text: string): (DagHeader & { readonly isIntact: boolean }) | undefined {
  const found = /\n# meridian-dag: (\{[^\n]*\})\n/.exec(text);
  if (!found || !text.startsWith(preamble.slice(0, 20))) return undefined;
  try {
    const header = JSON.parse(found[1]!) as DagHeader;
    const known = [header.dagId, header.pipeline, header.sha256].every((each) => typeof each === 'string');
    return known
      ? { ...header, isIntact: digestOf(text.slice(found.index + found[0].length)) === header.sha256 }
      : undefined;
  } catch {
    return undefined;
  }
}

/** What stands in a DAG file of ours; without the recipe where its tasks run natively. */
export function readDagData(text: string): Partial<AirflowDeployment> | undefined {
  const json = /\nDEPLOYMENT = json\.loads\(\n {4}r'''\n(.*?)\n'''\n\)\n/s.exec(text)?.[1];
  try {
    return json === undefined ? undefined : (JSON.parse(json) as Partial<AirflowDeployment>);
  } catch {
    return undefined;
  }
}

function digestOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

/** JSON of printable ASCII alone, in one line unless there is an indent. */
function asciiJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(
    /[^\n\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * A Python expression for a JSON text. Python takes a raw text between three quotes as it is; without a quote in it nothing
 * ends it early, and its last character is no backslash.
 */
export function pythonData(value: unknown): string {
  return `r'''\n${asciiJson(value, 2).replaceAll("'", '\\u0027')}\n'''`;
}

// The line of data comes after the first two, in which Python looks for the encoding of a file.
const preamble = `# Written by Meridian. Do not edit: change the recipe, and deploy it again
# with "meridian airflow deploy". "meridian airflow remove" takes it away.
#
`;

const imports = `import json
import re
from datetime import timedelta

import pendulum
from airflow import __version__ as airflow_version
from airflow.configuration import conf
`;
