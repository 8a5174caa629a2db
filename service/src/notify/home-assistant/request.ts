import type { MessageBase } from 'home-assistant-js-websocket';

/** A call of a service, as Home Assistant takes it. */
export const serviceCall = (domain: string, service: string, data: object): MessageBase => ({
  type: 'call_service',
  domain,
  service,
  service_data: data,
});

/** What is asked for, as people know it. */
export const nameOf = (message: MessageBase): string =>
  message.type === 'call_service' ? `${String(message.domain)}.${String(message.service)}` : message.type;
