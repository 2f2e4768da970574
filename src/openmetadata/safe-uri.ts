/**
 * An address in a form that the server takes: what RFC 2396 does not allow is percent-encoded. A server refuses the whole
 * entity for one blank in an address.
 */
export function safeUri(text: string): string {
  const [before, ...fragments] = text.split('#');
  const fragment = fragments.length === 0 ? '' : `#${encode(fragments.join('%23'))}`;
  return encode(before!) + fragment;
}

function encode(part: string): string {
  return part
    .replace(/%(?![0-9A-Fa-f]{2})/g, '%25')
    .replace(/[\s<>"{}|\\^`]/gu, (character) => encodeURIComponent(character));
}
