import { Admin } from '@platformatic/kafka';
import type { WatchSettings } from '../../../config/watch-settings.ts';
import { MeridianError } from '../../../errors.ts';
import type { SourceCheck } from '../../source.ts';
import { kafkaError, kafkaOptions } from './kafka-options.ts';

/** Looks whether the brokers let us in and have the topic (`meridian test`); never throws. */
export async function checkKafka(settings: WatchSettings): Promise<SourceCheck & { readonly exitCode: number }> {
  const name = `find the topic ${settings.topic} on Kafka`;
  let admin: Admin | undefined;
  try {
    const { groupId: _, ...options } = kafkaOptions(settings, 'none');
    admin = new Admin({ ...options });
    const found = (await admin.metadata({ topics: [settings.topic] })).topics.get(settings.topic);
    const partitions = found?.partitionsCount ?? 0;
    return { name, ok: true, message: `${partitions} partition${partitions === 1 ? '' : 's'}`, exitCode: 0 };
  } catch (error) {
    const { message, help, exitCode } = error instanceof MeridianError ? error : kafkaError(error, settings);
    return { name, ok: false, message, exitCode, ...(help !== undefined && { help }) };
  } finally {
    await admin?.close().catch(() => undefined);
  }
}
