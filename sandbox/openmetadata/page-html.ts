/** HTML that is safe to send: text went through `escapeText` or the tag function below. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Builds HTML from a template; values are escaped unless they are HTML themselves. */
export function html(parts: TemplateStringsArray, ...values: readonly unknown[]): Html {
  let text = parts[0] ?? '';
  values.forEach((value, index) => {
    text += toText(value) + (parts[index + 1] ?? '');
  });
  return new Html(text);
}

function toText(value: unknown): string {
  if (value instanceof Html) {
    return value.text;
  }
  if (Array.isArray(value)) {
    return value.map(toText).join('');
  }
  return value === undefined || value === null ? '' : escapeText(String(value));
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent);
  --soft: color-mix(in srgb, currentColor 62%, transparent); --tint: color-mix(in srgb, currentColor 6%, transparent); }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
header, main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
header { border-bottom: 1px solid var(--line); display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; }
header strong { white-space: nowrap; }
h1 { font-size: 1.5rem; margin: .5rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; }
nav, .soft { color: var(--soft); overflow-wrap: anywhere; }
ul { list-style: none; padding: 0; margin: 0; }
li { padding: .4rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; white-space: nowrap; }
code, pre { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
pre { background: var(--tint); padding: .75rem; white-space: pre-wrap; margin: 0; }
.label { display: inline-block; border: 1px solid var(--line); border-radius: .3rem; padding: 0 .4rem; margin: 0 .25rem .25rem 0; font-size: .875rem; }
td pre { margin-top: .25rem; padding: .5rem; }
.text { white-space: pre-line; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: .5rem 1.5rem; margin: 1rem 0; }
dt { color: var(--soft); font-size: .875rem; }
dd { margin: 0; overflow-wrap: anywhere; }
h2 .soft { font-weight: 400; }
a { color: LinkText; }
@media (max-width: 40rem) {
  th { display: none; }
  td { display: block; padding: .1rem 0; border: 0; }
  td:empty { display: none; }
  tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }
}`;

/** A whole page of the stand-in. */
export function page(title: string, version: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · stand-in for OpenMetadata</title><style>${new Html(STYLE)}</style></head>
<body>
<header><strong><a href="/">Stand-in for OpenMetadata</a></strong>
<span class="soft">answers like version ${version}; part of Meridian's sandbox, not OpenMetadata itself</span></header>
<main>${body}</main>
</body>
</html>
`.text;
}
