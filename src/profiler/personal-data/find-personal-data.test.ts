import { describe, expect, it } from 'vitest';
import { findPersonalData } from './find-personal-data.ts';

const many = <T>(value: (i: number) => T, count = 40): T[] => Array.from({ length: count }, (_, i) => value(i));
const looked = (name: string, values: readonly unknown[], dataType = 'VARCHAR', language = 'any') =>
  findPersonalData([{ name, dataType, values }], language)[0];
/** What a run with the default threshold would propose. */
const proposed = (...given: Parameters<typeof looked>): string | undefined => {
  const found = looked(...given);
  return found && found.confidence >= 80 ? `${found.kind}: ${found.tag}` : undefined;
};

function ibanOf(number: string): string {
  const rest = [...`${number}131400`].reduce((sum, digit) => (sum * 10 + Number(digit)) % 97, 0);
  return `DE${String(98 - rest).padStart(2, '0')}${number}`;
}
function cardOf(number: string): string {
  const sum = [...number].reverse().reduce((total, digit, i) => {
    const counted = i % 2 === 0 ? Number(digit) * 2 : Number(digit);
    return total + (counted > 9 ? counted - 9 : counted);
  }, 0);
  return `${number}${(10 - (sum % 10)) % 10}`;
}

describe('personal data is found', () => {
  it.each([
    ['e-mail addresses', 'c7', many((i) => `ann.${i}@example.org`)],
    ['phone numbers', 'contact_phone', many((i) => `+43 660 12345${i}`)],
    ['bank account numbers (IBAN)', 'x', many((i) => ibanOf(`5001051${String(i).padStart(11, '0')}`))],
    ['payment card numbers', 'x', many((i) => cardOf(`4${String(i * 7919).padStart(14, '1')}`))],
    ['IP addresses', 'x', many((i) => `10.0.3.${i}`)],
    ['social security numbers (US)', 'x', many((i) => `219-09-${1000 + i}`)],
    ['identity numbers (Spain)', 'x', many(() => '12345678Z')],
    ['tax ids (Germany)', 'steuer_id', many(() => '86095742719')],
    ['PESEL numbers', 'pesel', many(() => '44051401359')],
    ['BSN numbers', 'bsn', many(() => '111222333')],
    ['CPF numbers', 'cpf', many(() => '529.982.247-25')],
    ['social security numbers (France)', 'x', many(() => '255081416802538')],
    ['names of people', 'lastName', many((i) => `Müller${'abcdefgh'[i % 8]}`)],
    ['names of people', 'first_name', many(() => 'Anna')],
    ['postal addresses', 'street_address', many((i) => `${i + 1} Main Street`)],
  ])('%s in a column called %s', (kind, name, values) => {
    expect(proposed(name, values)).toMatch(new RegExp(`^${kind.replaceAll(/[()]/g, '\\$&')}: PII`));
  });

  it('by the name alone where there are no values, unless the word means many things', () => {
    expect(proposed('customer_email', [])).toBe('e-mail addresses: PII.Sensitive');
    expect(proposed('date_of_birth', [], 'DATE')).toBe('dates of birth: PII.Sensitive');
    expect(proposed('card', [])).toBeUndefined();
    expect(looked('customer_email', [])).toMatchObject({ because: 'name', confidence: 85 });
  });

  it('in numbers as in texts', () => {
    const cards = many((i) => Number(cardOf(`4${String(i * 7919).padStart(14, '1')}`)));
    expect(proposed('card_number', cards, 'BIGINT')).toBe('payment card numbers: PII.Sensitive');
  });
});

describe('nothing is proposed', () => {
  it.each([
    ['numbers of which some pass a check sum', 'order_no', many((i) => 4_000_000_000_000_000 + i * 37), 'BIGINT'],
    ['a name that promises too much', 'email', many(() => 'yes'), 'VARCHAR'],
    ['product names', 'title', many(() => 'Rye Bread'), 'VARCHAR'],
    ['cities', 'city', many(() => 'Vienna'), 'VARCHAR'],
    ['versions that look like half an address', 'version', many((i) => `1.2.${i}`), 'VARCHAR'],
    ['a flag about mail', 'email_verified', many(() => 'true'), 'BOOLEAN'],
    ['three values only', 'x', ['a@b.example', 'b@b.example', 'note'], 'VARCHAR'],
    ['dates of no birth', 'created_at', many(() => '2024-01-01'), 'DATE'],
  ])('for %s', (_, name, values, type) => {
    expect(proposed(name, values, type)).toBeUndefined();
  });
});

it('words of other languages count only when they are asked for', () => {
  const names = many((i) => ['Anna', 'Jan', 'Eva'][i % 3]);
  expect(proposed('vorname', names, 'VARCHAR', 'de')).toBe('names of people: PII.Sensitive');
  expect(proposed('vorname', names, 'VARCHAR', 'en')).toBeUndefined();
  expect(proposed('vorname', names, 'VARCHAR', 'any')).toBe('names of people: PII.Sensitive');
  expect(
    proposed(
      'cpf',
      many(() => '52998224725'),
      'VARCHAR',
      'en',
    ),
  ).toBeUndefined();
});

it('says nothing of the values', () => {
  const found = looked(
    'mail',
    many((i) => `secret${i}@victim.example`),
  );
  expect(found).toEqual({
    column: 'mail',
    kind: 'e-mail addresses',
    tag: 'PII.Sensitive',
    confidence: expect.any(Number),
    because: 'name and values',
  });
});
