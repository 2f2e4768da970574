import type { ServerResponse } from 'node:http';
export function serveBrowsePage(_url: URL, _res: ServerResponse, _context: unknown): boolean {
  return false;
}
