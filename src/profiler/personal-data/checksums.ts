/** Luhn's sum, as payment cards have it. @param digits digits only */
export function hasLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[digits.length - 1 - i]);
    const counted = i % 2 === 0 ? digit : digit * 2;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum % 10 === 0;
}

/** ISO 13616: letters count from 10 on, the country and its check digits last; the rest modulo 97 is 1. */
export function isIban(text: string): boolean {
  const iban = text.replaceAll(/[\s-]/g, '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban)) return false;
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** The sum of digits by weights, modulo a number. */
export function weighted(digits: string, weights: readonly number[], modulus: number): number {
  const sum = weights.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  return ((sum % modulus) + modulus) % modulus;
}

/** German tax id: ISO 7064, modulus 11, 10. */
export function isGermanTaxId(digits: string): boolean {
  if (!/^[1-9]\d{10}$/.test(digits)) return false;
  let product = 10;
  for (const digit of digits.slice(0, 10)) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === Number(digits[10]);
}

/** Spanish DNI and NIE: the letter follows from the number modulo 23. */
export function isSpanishId(text: string): boolean {
  const match = /^([XYZ]?)(\d{7,8})-?([A-Z])$/.exec(text.toUpperCase());
  if (!match) return false;
  const [, first = '', number = '', letter] = match;
  if ((first === '') !== (number.length === 8)) return false;
  const prefix = first === '' ? '' : String('XYZ'.indexOf(first));
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(prefix + number) % 23] === letter;
}

/** French social security number (NIR): the key is 97 less the number modulo 97; Corsica counts 2A as 19, 2B as 18. */
export function isFrenchId(text: string): boolean {
  const match = /^([12]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[AB])\d{6})(\d{2})$/.exec(text.toUpperCase());
  if (!match) return false;
  const number = BigInt(match[1]!.replace('2A', '19').replace('2B', '18'));
  return 97n - (number % 97n) === BigInt(match[2]!);
}

/** Polish PESEL: a sum by weights, and a date in it. */
export function isPesel(digits: string): boolean {
  if (!/^\d{2}[0-9]\d[0-3]\d{6}$/.test(digits)) return false;
  return (10 - weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3], 10)) % 10 === Number(digits[10]);
}

/** Dutch BSN: the eleven test. */
export function isBsn(digits: string): boolean {
  return /^\d{9}$/.test(digits) && digits !== '000000000' && weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1], 11) === 0;
}

/** Brazilian CPF: two check digits, each a sum by falling weights modulo 11. */
export function isCpf(digits: string): boolean {
  if (!/^\d{11}$/.test(digits) || /^(\d)\1{10}$/.test(digits)) return false;
  const check = (length: number): number => {
    const weights = Array.from({ length }, (_, i) => length + 1 - i);
    const rest = weighted(digits, weights, 11);
    return rest < 2 ? 0 : 11 - rest;
  };
  return check(9) === Number(digits[9]) && check(10) === Number(digits[10]);
}
