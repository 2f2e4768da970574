import { createTheme, type MantineColorsTuple, Modal, Notification } from '@mantine/core';
import { texts } from './texts/texts.ts';

/** The blue-green of the mark. Shade 8 carries white text with a contrast of 5.4 : 1. */
const meridian: MantineColorsTuple = [
  '#e6f6fa',
  '#d2e9ef',
  '#a6d2de',
  '#77bacc',
  '#52a6bd',
  '#3a9ab4',
  '#2a94b0',
  '#17809b',
  '#06758d',
  '#005f74',
];

/** Greys of the dark scheme, with a little of the mark's blue. */
const dark: MantineColorsTuple = [
  '#dbe2e7',
  '#bcc6ce',
  '#a3afb9',
  '#6d7a85',
  '#3c4751',
  '#2f3841',
  '#262e35',
  '#1c2126',
  '#161b1f',
  '#101417',
];

export const theme = createTheme({
  colors: { meridian, dark },
  primaryColor: 'meridian',
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'Inter, "Segoe UI", system-ui, -apple-system, "Helvetica Neue", "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", Menlo, Consolas, monospace',
  headings: { fontWeight: '650' },
  respectReducedMotion: true,
  components: {
    Modal: Modal.extend({ defaultProps: { closeButtonProps: { 'aria-label': texts.common.close } } }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { 'aria-label': texts.common.close } } }),
  },
});

/** The nonce that the server put into the page for its style elements; empty in development, where there is none. */
export function styleNonce(): string {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
  return nonce === '__CSP_NONCE__' ? '' : nonce;
}
