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

/** The style as a content policy names it. */
export const LOGIN_STYLE = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/**
 * The login page: a plain form, which needs no script. All paths are relative.
 * @param trouble what was wrong with the attempt before; constant text of ours
 * @param again after a link from another site the browser has kept its cookie to itself; our own page asks once more
 */
export const loginPage = (trouble: string | null, again: boolean): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${again ? '<meta http-equiv="refresh" content="0; url=login?again=1">\n' : ''}<title>Log in to LeftOn</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>LeftOn</h1>
<form method="post" action="login">
${trouble === null ? '' : `<p role="alert" id="trouble">${trouble}</p>\n`}<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus aria-describedby="${trouble === null ? '' : 'trouble '}hint">
<p id="hint">It is what LEFTON_TOKEN is set to where LeftOn runs.</p>
<button>Log in</button>
</form>
</main>
</body>
</html>
`;
