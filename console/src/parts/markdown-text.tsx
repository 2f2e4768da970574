import Markdown from 'markdown-to-jsx';
import { createElement, type ReactNode } from 'react';
import classes from './markdown-text.module.css';

/** What a text may be made of. Everything else of it, such as a script, is shown as the words that it holds. */
const elements = new Set(
  (
    'a b blockquote br code del div em h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre q s small span strong sub sup ' +
    'table tbody td th thead tr u ul'
  ).split(' '),
);
/** A page has one h1, and the text stands below an h2. */
const headings = new Map([1, 2, 3, 4, 5, 6].map((level) => [`h${level}`, `h${Math.min(level + 2, 6)}`]));

/**
 * A text that somebody wrote in Atlas or OpenMetadata: Markdown, with simple HTML in it. It is made into elements one by one,
 * of a list, with no attributes but safe addresses: nothing of it runs, loads or looks like a part of the console.
 */
export function MarkdownText({ text }: { readonly text: string }) {
  return (
    <div className={classes.text}>
      <Markdown options={{ createElement: safeElement, wrapper: null, forceBlock: true, disableAutoLink: false }}>
        {text}
      </Markdown>
    </div>
  );
}

function safeElement(tag: unknown, given: object | null, ...children: ReactNode[]) {
  const props = (given ?? {}) as Readonly<Record<string, unknown>>;
  const { key, href, alt } = props;
  const own = { key: key as string | undefined };
  if (typeof tag !== 'string') return createElement('span', own, ...children);
  const name = headings.get(tag) ?? tag;
  // A picture from elsewhere would tell that place who reads this; its words stay.
  if (name === 'img') return createElement('span', own, typeof alt === 'string' ? alt : '');
  if (name === 'input') return createElement('span', own, props['checked'] ? '☑ ' : '☐ ');
  if (!elements.has(name)) return createElement('span', own, ...children);
  if (name === 'br' || name === 'hr') return createElement(name, own);
  if (name !== 'a') return createElement(name, own, ...children);
  const address = safeAddress(href);
  if (address === undefined) return createElement('span', own, ...children);
  return createElement('a', { ...own, href: address, target: '_blank', rel: 'noreferrer nofollow' }, ...children);
}

/** Web and mail addresses only; relative ones mean nothing here. */
function safeAddress(href: unknown): string | undefined {
  if (typeof href !== 'string') return undefined;
  try {
    const { protocol, href: whole } = new URL(href);
    return ['http:', 'https:', 'mailto:'].includes(protocol) ? whole : undefined;
  } catch {
    return undefined;
  }
}
