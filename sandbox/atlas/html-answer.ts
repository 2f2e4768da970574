import type { ServerResponse } from 'node:http';

const HTML_TYPE = 'text/html;charset=iso-8859-1';

/** An error as the servlet container writes it: HTML, whatever the client accepts. */
export function sendHtmlError(res: ServerResponse, status: number, message: string): void {
  const page = `<html><head><title>Error ${status} ${message}</title></head><body><h2>HTTP ERROR ${status} ${message}</h2></body></html>\n`;
  sendHtml(res, status, page);
}

/** What the server answers before it has even read the request: a path that is longer than its buffer. */
export function sendUriTooLong(res: ServerResponse): void {
  sendHtml(res, 414, '<h1>Bad Message 414</h1><pre>reason: URI Too Long</pre>');
}

/** The page at `/` that says what this is. */
export function sendFrontPage(res: ServerResponse, version: string): void {
  sendHtml(
    res,
    200,
    `<!doctype html><html lang="en"><head><title>Meridian sandbox: Atlas stand-in</title></head><body>
<h1>This is not Apache Atlas</h1>
<p>It is Meridian's stand-in for it: it answers like Apache Atlas ${version}, from made-up or recorded data, for demos and
tests. Sign in as <code>admin</code> / <code>admin</code>; the API is under <code>/api/atlas</code>.</p>
</body></html>
`,
  );
}

function sendHtml(res: ServerResponse, status: number, page: string): void {
  res.writeHead(status, { 'Content-Type': HTML_TYPE, 'Content-Length': Buffer.byteLength(page) });
  res.end(page);
}
