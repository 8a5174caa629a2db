import { writeFileSync } from 'node:fs';
import { PAGE, settingsPage } from './settings-page.ts';

writeFileSync(PAGE, await settingsPage());
console.log(`wrote ${PAGE}`);
