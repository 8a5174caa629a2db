import { z } from 'zod';
import type { HomeAssistantConnection } from './connection.ts';

const listed = z.record(z.string(), z.record(z.string(), z.unknown()));

/**
 * The services of a domain, by name.
 * @throws DeliveryError
 */
export async function servicesOf(connection: HomeAssistantConnection, domain: string): Promise<string[]> {
  const services = listed.parse(await connection.ask({ type: 'get_services' }));
  return Object.keys(services[domain] ?? {}).sort();
}
