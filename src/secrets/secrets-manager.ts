/** Where values written `secret:<id>` are kept. */
export interface SecretsManager {
  /** For people: `AWS Secrets Manager`. */
  readonly name: string;
  /**
   * @returns undefined when there is no secret of this id
   * @throws AuthenticationError `secrets.not-allowed`, ConnectionError `secrets.unreachable` and `secrets.refused`
   */
  read(id: string): Promise<string | undefined>;
}

/** What a manager is opened with. */
export interface ManagerOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A setting that the recipe's `secretsManagerLoader` finds in Airflow's configuration; undefined for other loaders. */
  readonly airflow: (key: string) => string | undefined;
}
