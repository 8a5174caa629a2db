import { z } from 'zod';
import { setting } from '../about.ts';
import { mqttField, textField } from '../fields.ts';

/** An MQTT broker: meters are entities of Home Assistant there (docs/home-assistant.md), and a topic may be heard. */
export const mqttFields = {
  mqtt_url: setting(
    mqttField.nullable().default(null),
    'the broker; serve keeps the entities of each meter there',
    { takes: 'mqtt(s) address: `mqtt://homeassistant.local:1883`' },
  ),
  mqtt_username: setting(textField, 'login of its own at the broker'),
  mqtt_password: setting(textField, 'password of mqtt_username', { secret: true }),
  mqtt_ca: setting(
    textField,
    "PEM file of who signed the broker's certificate, where it is not publicly trusted",
    {
      value: 'file',
    },
  ),
  mqtt_prefix: setting(
    z
      .string()
      .regex(/^[\w/-]{1,100}$/, 'expected letters, digits, dash, slash')
      .default('lefton'),
    'begins the topics and ids of entities; another for a second LeftOn on that broker',
    { takes: 'letters, digits, dash, slash' },
  ),
  mqtt_instance: setting(
    textField,
    'on Kafka, name of this process among those that keep entities on one broker: each says of its own whether it is there',
    { usual: 'no name; on Kafka the name of the machine' },
  ),
  mqtt_discovery_prefix: setting(
    z.string().min(1).default('homeassistant'),
    'where Home Assistant looks for entities, as its MQTT integration is set',
    { takes: 'begin of a topic' },
  ),
};
