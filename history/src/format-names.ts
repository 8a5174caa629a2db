/** Names of all formats that can be read, on their own: who only names them need not load what reads them. */
export const formatNames = [
  'canonical',
  'uci',
  'home-assistant',
  'home-assistant-energy',
  'home-assistant-statistics',
  'emporia',
  'sense',
  'shelly',
  'homewizard',
  'dsmr-reader',
  'engie',
  'fluvius',
  'enel',
  'nem12',
  'enphase',
  'zappi',
  'n3rgy',
  'octopus',
  'emoncms',
  'ameren',
  'green-button',
] as const;

export type FormatName = (typeof formatNames)[number];
