import { ConfigurationError } from '../errors.ts';

/**
 * Loads a library that only some recipes need, and that is not installed with Meridian.
 *
 * @throws ConfigurationError `secrets.library` with the line that installs it
 */
export async function optionalLibrary<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isMissing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    if (!isMissing || !message.includes(name)) throw error;
    throw new ConfigurationError('secrets.library', `This secrets manager needs the package ${name}.`, {
      help: `Install it beside Meridian: npm install ${name}`,
    });
  }
}
