export { readSettings, SettingsError, type Settings } from './config.ts';
export { Log } from './log.ts';
export { startService, type Service, type World } from './service.ts';
