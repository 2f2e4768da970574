import { isIP } from 'node:net';
import { hasLuhn, isBsn, isCpf, isFrenchId, isGermanTaxId, isIban, isPesel, isSpanishId } from './checksums.ts';

/** One kind of personal data: how a column may be called that holds it, and what its values are like. */
export interface Recognizer {
  /** For people, in the plural: `e-mail addresses`. */
  readonly kind: string;
  readonly tag: 'PII.Sensitive' | 'PII.NonSensitive';
  /** ISO 639-1; undefined: whatever the language. */
  readonly languages?: readonly string[];
  /** Names of columns, in lower case, words joined by blanks; by how sure they make. */
  readonly names: RegExp;
  /** How sure the name alone makes, from 0 to 1: a word that means many things makes less. */
  readonly nameWeight: number;
  /** True for a value of this kind; undefined where values cannot tell. */
  readonly value?: (text: string) => boolean;
  /** How sure such values alone make, from 0 to 1. */
  readonly valueWeight: number;
  /** Data types that cannot hold it are left alone. */
  readonly types: 'text' | 'textOrNumber' | 'date';
}

const bare = (text: string): string => text.replaceAll(/[\s.\-/]/g, '');
const isEmail = (text: string): boolean => /^[^\s@<>"]{1,64}@[^\s@<>"]{1,190}\.[a-z]{2,24}$/i.test(text);
/** With its country, or as people write one at home: blanks and brackets, and not just digits. */
const isPhone = (text: string): boolean => {
  const digits = text.replaceAll(/\D/g, '');
  if (!/^(\+|00)?[\d\s().\-/]+$/.test(text) || digits.length < 7 || digits.length > 15) return false;
  return (
    /^(\+|00)/.test(text) ||
    (/^\(?0/.test(text) && /[\s().\-/]/.test(text)) ||
    /^\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}$/.test(text)
  );
};
const isCard = (text: string): boolean => {
  const digits = text.replaceAll(/[\s-]/g, '');
  return (
    /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d)\d{12}|35\d{14}|3[068]\d{12})$/.test(
      digits,
    ) && hasLuhn(digits)
  );
};
const isUsSsn = (text: string): boolean => /^(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}$/.test(text);
const isNino = (text: string): boolean =>
  /^(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/i.test(bare(text));
const isCodiceFiscale = (text: string): boolean => /^[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]$/i.test(text);
const isPersonName = (text: string): boolean =>
  /^\p{Lu}[\p{L}'’-]+(?:[ ,]+(?:\p{Lu}[\p{L}'’.-]*|van|von|de|der|den|di|da|la|le)){0,4}$/u.test(text) &&
  text.length <= 60;
const isStreet = (text: string): boolean =>
  /^\d{1,5}[a-z]?,? \p{L}/u.test(text) || /\p{L}[^\d]* \d{1,5} ?[a-z]?(?:,|$)/iu.test(text);

const identity = { tag: 'PII.Sensitive', valueWeight: 0.97, nameWeight: 0.85, types: 'textOrNumber' } as const;

/** Rules of our own; a word in a column's name counts with the language that it is of. */
export const recognizers: readonly Recognizer[] = [
  {
    kind: 'e-mail addresses',
    tag: 'PII.Sensitive',
    names: /^(?:.* )?(?:e ?mail|email|mail|correo|courriel)(?: (?:address|adresse|addr|id))?$/,
    nameWeight: 0.85,
    value: isEmail,
    valueWeight: 0.98,
    types: 'text',
  },
  {
    kind: 'phone numbers',
    tag: 'PII.Sensitive',
    names:
      /^(?:.* )?(?:phone|telephone|telefon|telefono|telefone|telefoon|mobile|handy|cell|fax|tel|movil|portable)(?: (?:number|nummer|no|nr))?$/,
    nameWeight: 0.75,
    value: isPhone,
    valueWeight: 0.85,
    types: 'textOrNumber',
  },
  {
    kind: 'bank account numbers (IBAN)',
    tag: 'PII.Sensitive',
    names: /^(?:.* )?iban(?: .*)?$/,
    nameWeight: 0.9,
    value: isIban,
    valueWeight: 0.99,
    types: 'text',
  },
  {
    kind: 'payment card numbers',
    tag: 'PII.Sensitive',
    names:
      /^(?:.* )?(?:(?:credit|debit|payment) ?card|card|kreditkarte|carte|tarjeta|pan)(?: (?:number|nummer|no|nr|num))?$/,
    nameWeight: 0.6,
    value: isCard,
    valueWeight: 0.97,
    types: 'textOrNumber',
  },
  {
    kind: 'IP addresses',
    tag: 'PII.NonSensitive',
    names: /^(?:.* )?(?:ip|ipv4|ipv6|remote addr)(?: (?:address|addr|adresse))?$/,
    nameWeight: 0.8,
    value: (text) => isIP(text.replace(/\/\d{1,3}$/, '')) !== 0,
    valueWeight: 0.95,
    types: 'text',
  },
  {
    ...identity,
    kind: 'social security numbers (US)',
    languages: ['en'],
    names: /^(?:.* )?(?:ssn|social security(?: .*)?)$/,
    value: isUsSsn,
  },
  {
    ...identity,
    kind: 'national insurance numbers (UK)',
    languages: ['en'],
    names: /^(?:.* )?(?:nino|national insurance(?: .*)?)$/,
    value: isNino,
  },
  {
    ...identity,
    kind: 'tax ids (Germany)',
    languages: ['de'],
    names: /^(?:.* )?(?:steuer ?id(?:nr)?|steueridentifikationsnummer|idnr|steuernummer)$/,
    value: (text) => isGermanTaxId(bare(text)),
    valueWeight: 0.9,
  },
  {
    ...identity,
    kind: 'identity numbers (Spain)',
    languages: ['es'],
    names: /^(?:.* )?(?:dni|nie|nif)$/,
    value: (text) => isSpanishId(bare(text)),
  },
  {
    ...identity,
    kind: 'social security numbers (France)',
    languages: ['fr'],
    names: /^(?:.* )?(?:nir|numero (?:de )?secu(?:rite sociale)?|insee)$/,
    value: (text) => isFrenchId(bare(text)),
  },
  {
    ...identity,
    kind: 'tax codes (Italy)',
    languages: ['it'],
    names: /^(?:.* )?codice fiscale$/,
    value: isCodiceFiscale,
  },
  {
    ...identity,
    kind: 'PESEL numbers',
    languages: ['pl'],
    names: /^(?:.* )?pesel$/,
    value: (text) => isPesel(bare(text)),
    valueWeight: 0.9,
  },
  {
    ...identity,
    kind: 'BSN numbers',
    languages: ['nl'],
    names: /^(?:.* )?(?:bsn|burgerservicenummer|sofinummer)$/,
    value: (text) => isBsn(bare(text)),
    valueWeight: 0.85,
  },
  {
    ...identity,
    kind: 'CPF numbers',
    languages: ['pt'],
    names: /^(?:.* )?cpf$/,
    value: (text) => isCpf(bare(text)),
    valueWeight: 0.92,
  },
  ...personNames({
    en: 'first name|last name|surname|full name|given name|family name|middle name|maiden name|customer name|employee name|person name|patient name|fname|lname',
    de: 'vorname|nachname|familienname|zuname|vollname|geburtsname|kundenname',
    fr: 'prenom|nom(?: de famille)?|nom complet',
    es: 'nombres?|apellidos?|nombre completo',
    it: 'nome|cognome|nominativo',
    nl: 'voornaam|achternaam|roepnaam|familienaam',
    pl: 'imie|nazwisko|imie nazwisko',
    pt: 'nome(?: completo)?|sobrenome|apelido',
  }),
  ...birthDates({
    en: 'birth ?date|date of birth|dob|birth ?day|born(?: on| at)?',
    de: 'geburtsdatum|geburtstag|geb datum|geboren(?: am)?',
    fr: 'date (?:de )?naissance|naissance',
    es: 'fecha (?:de )?nacimiento',
    it: 'data (?:di )?nascita',
    nl: 'geboortedatum',
    pl: 'data urodzenia',
    pt: 'data (?:de )?nascimento',
  }),
  ...addresses({
    en: 'street(?: address| name)?|(?:home|postal|mailing|billing|shipping|residential) address|address(?: line)?(?: \\d)?',
    de: 'strasse|straße|anschrift|wohnort|hausnummer|adresse',
    fr: 'rue|adresse(?: postale)?',
    es: 'calle|direccion|domicilio',
    it: 'via|indirizzo',
    nl: 'straat|adres|woonadres',
    pl: 'ulica|adres',
    pt: 'rua|endereco|morada',
  }),
];

type ByLanguage = Readonly<Record<string, string>>;

function each(words: ByLanguage, made: (names: RegExp, language: string) => Recognizer): Recognizer[] {
  return Object.entries(words).map(([language, names]) => made(new RegExp(`^(?:.* )?(?:${names})$`), language));
}

function personNames(words: ByLanguage): Recognizer[] {
  return each(words, (names, language) => ({
    kind: 'names of people',
    tag: 'PII.Sensitive',
    languages: [language],
    names,
    nameWeight: 0.75,
    value: isPersonName,
    // Cities, products and firms are written like people.
    valueWeight: 0.3,
    types: 'text',
  }));
}

function birthDates(words: ByLanguage): Recognizer[] {
  return each(words, (names, language) => ({
    kind: 'dates of birth',
    tag: 'PII.Sensitive',
    languages: [language],
    names,
    nameWeight: 0.9,
    valueWeight: 0,
    types: 'date',
  }));
}

function addresses(words: ByLanguage): Recognizer[] {
  return each(words, (names, language) => ({
    kind: 'postal addresses',
    tag: 'PII.NonSensitive',
    languages: [language],
    names,
    nameWeight: 0.7,
    value: isStreet,
    valueWeight: 0.55,
    types: 'text',
  }));
}
