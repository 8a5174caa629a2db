import type { Language } from '@lefton/core';
import { createHash } from 'node:crypto';

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
main { box-sizing: border-box; width: min(100%, 24rem); padding: 1.5rem; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; }
label, input, button { display: block; box-sizing: border-box; width: 100%; font: inherit; }
input, button { min-height: 2.75rem; padding: 0.5rem 0.75rem; border: 1px solid GrayText; border-radius: 0.375rem; }
button { border-color: transparent; background: light-dark(#0b5cad, #8ec5ff); color: light-dark(#fff, #00264d); }
button:focus-visible, input:focus-visible { outline: 3px solid light-dark(#0b5cad, #8ec5ff); outline-offset: 2px; }
p { margin: 0.25rem 0 1rem; }
[role='alert'] { font-weight: 600; color: light-dark(#8f1d14, #ffb4ab); }
`;

interface Texts {
  readonly title: string;
  readonly token: string;
  readonly hint: string;
  readonly logIn: string;
  readonly wrong: string;
  readonly wait: (minutes: number) => string;
}

/** As many as people are told in: docs/languages.md has what each takes. */
const TEXTS: Readonly<Record<Language, Texts>> = {
  en: {
    title: 'Log in to LeftOn',
    token: 'Token',
    hint: 'It is what LEFTON_TOKEN is set to where LeftOn runs.',
    logIn: 'Log in',
    wrong: 'That is not the token. Check it and try again.',
    wait: (minutes) => `Too many wrong tokens. Try again in ${minutes} minute${minutes === 1 ? '' : 's'}.`,
  },
  de: {
    title: 'Anmelden bei LeftOn',
    token: 'Zugangswort',
    hint: 'Es ist das, worauf LEFTON_TOKEN gesetzt ist, wo LeftOn läuft.',
    logIn: 'Anmelden',
    wrong: 'Das ist nicht das Zugangswort. Bitte prüfen und noch einmal versuchen.',
    wait: (minutes) =>
      `Zu viele falsche Zugangswörter. Noch einmal in ${minutes} ${minutes === 1 ? 'Minute' : 'Minuten'}.`,
  },
  fr: {
    title: 'Se connecter à LeftOn',
    token: 'Jeton',
    hint: 'C’est la valeur de LEFTON_TOKEN là où LeftOn tourne.',
    logIn: 'Se connecter',
    wrong: 'Ce n’est pas le jeton. Vérifiez-le et réessayez.',
    wait: (minutes) => `Trop de jetons erronés. Réessayez dans ${minutes} minute${minutes === 1 ? '' : 's'}.`,
  },
};

/** What was wrong with an attempt: the token, or that it came before so many minutes were over. */
export type LoginTrouble = 'wrong' | { readonly minutes: number };

/** The style as a content policy names it. */
export const LOGIN_STYLE = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/**
 * The login page: a plain form, which needs no script. All paths are relative.
 * @param trouble what was wrong with the attempt before
 * @param again after a link from another site the browser has kept its cookie to itself; our own page asks once more
 */
export function loginPage(language: Language, trouble: LoginTrouble | null, again: boolean): string {
  const texts = TEXTS[language];
  const said = trouble === null ? null : trouble === 'wrong' ? texts.wrong : texts.wait(trouble.minutes);
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${again ? '<meta http-equiv="refresh" content="0; url=login?again=1">\n' : ''}<title>${texts.title}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>LeftOn</h1>
<form method="post" action="login">
${said === null ? '' : `<p role="alert" id="trouble">${said}</p>\n`}<label for="token">${texts.token}</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus aria-describedby="${said === null ? '' : 'trouble '}hint">
<p id="hint">${texts.hint}</p>
<button>${texts.logIn}</button>
</form>
</main>
</body>
</html>
`;
}
