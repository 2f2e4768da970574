import { decodeEntities } from './entities.ts';

const harmfulSchemes = /^(?:javascript|vbscript|livescript|mocha|jscript|data|jar|view-source|blob|filesystem):/;
const picture = /^data:image\/(?:png|jpe?g|gif|webp);base64,/;

/** True for an address that runs something, however it is written: with entities, escapes, spaces or controls in it. */
export function isHarmfulAddress(address: string): boolean {
  const plain = decodeEntities(decodeEntities(address))
    .replace(/\\(?=[!-/:-@[-`{-~])/g, '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers skip controls within an address
    .replace(/[\u0000-\u0020\u007f-\u00a0\u200b-\u200f\u2028\u2029\ufeff]/g, '')
    .toLowerCase();
  return harmfulSchemes.test(plain) && !picture.test(plain);
}
