import type { Response } from 'express';

const PERMISSIONS = ['camera', 'geolocation', 'microphone', 'payment', 'usb', 'serial', 'display-capture'];

/**
 * What a page may load and do: only what this service serves itself. uPlot sets its styles by script, which is no inline
 * style.
 * @param framed shown by Home Assistant within its own page, which has the same origin
 * @param style of an inline style, `'sha256-…'`
 */
export const contentPolicy = (framed: boolean, style = ''): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${style === '' ? "'self'" : style}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${framed ? "'self'" : "'none'"}`,
  ].join('; ');

/** Headers of every answer; a route may say otherwise. */
export function setSafeHeaders(response: Response, framed: boolean): void {
  response.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': contentPolicy(framed),
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': PERMISSIONS.map((name) => `${name}=()`).join(', '),
    // not no-referrer: with it a form of our own pages is sent with Origin: null
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  });
}
