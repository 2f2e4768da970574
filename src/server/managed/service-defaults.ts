import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { ConfigurationError } from '../../errors.ts';
import { isMap, overlay } from './overlay.ts';

type Recipe = Readonly<Record<string, unknown>>;

/** Stands for every service. */
const everyService = '*';
const parts = ['defaults', 'overrides'] as const;

/**
 * What this service adds to the recipes of pipelines that OpenMetadata deploys: parts of recipes, by the name of the
 * service in OpenMetadata. `defaults` stand below what OpenMetadata says, `overrides` above it. It is the place for what the
 * forms cannot hold, and for what only this machine knows.
 */
export class ServiceDefaults {
  readonly #parts: Readonly<Record<(typeof parts)[number], Readonly<Record<string, Recipe>>>>;

  constructor(given: Partial<ServiceDefaults['parts']> = {}) {
    this.#parts = { defaults: given.defaults ?? {}, overrides: given.overrides ?? {} };
  }

  get parts(): Readonly<Record<(typeof parts)[number], Readonly<Record<string, Recipe>>>> {
    return this.#parts;
  }

  /** @throws ConfigurationError `serve.defaults-file` */
  static async read(file: string): Promise<ServiceDefaults> {
    let value: unknown;
    try {
      value = parse(await readFile(file, 'utf8')) ?? {};
    } catch (cause) {
      throw bad(file, 'it cannot be read as YAML', cause);
    }
    if (!isMap(value)) throw bad(file, 'it holds no map');
    const stranger = Object.keys(value).find((key) => !parts.some((part) => part === key));
    if (stranger !== undefined) throw bad(file, `there is no part “${stranger}”`);
    for (const part of parts) {
      const services = value[part] ?? {};
      if (!isMap(services)) throw bad(file, `“${part}” is no map of services`);
      const empty = Object.entries(services).find(([, recipe]) => !isMap(recipe));
      if (empty) throw bad(file, `“${part}.${empty[0]}” is no part of a recipe`);
    }
    return new ServiceDefaults(value as Partial<ServiceDefaults['parts']>);
  }

  /** The recipe with what is set for its service. */
  applyTo(recipe: Recipe, service: string): Recipe {
    const { defaults, overrides } = this.#parts;
    return [
      this.#of(defaults, everyService),
      this.#of(defaults, service),
      recipe,
      this.#of(overrides, everyService),
      this.#of(overrides, service),
    ].reduce(overlay, {});
  }

  /** All that is set for a service. */
  of(service: string): Recipe {
    return this.applyTo({}, service);
  }

  #of(part: Readonly<Record<string, Recipe>>, service: string): Recipe {
    return Object.hasOwn(part, service) ? part[service]! : {};
  }
}

function bad(file: string, why: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError('serve.defaults-file', `The file ${file} cannot be used: ${why}.`, {
    help: 'It has “defaults” and “overrides”, each a map from a service’s name (or *) to a part of a recipe.',
    cause,
  });
}
