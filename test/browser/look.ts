/** A size of window and a colour scheme: what a page is looked at in. */
export interface Look {
  readonly name: string;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly colorScheme: 'light' | 'dark';
}

const wide = { width: 1440, height: 900 };
const narrow = { width: 390, height: 844 };

export const looks: readonly Look[] = [
  { name: 'wide-light', viewport: wide, colorScheme: 'light' },
  { name: 'wide-dark', viewport: wide, colorScheme: 'dark' },
  { name: 'narrow-light', viewport: narrow, colorScheme: 'light' },
  { name: 'narrow-dark', viewport: narrow, colorScheme: 'dark' },
];

export function lookNamed(name: 'wide-light' | 'wide-dark' | 'narrow-light' | 'narrow-dark'): Look {
  return looks.find((look) => look.name === name)!;
}
