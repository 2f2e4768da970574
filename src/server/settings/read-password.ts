import type { Terminal } from '../../cli/terminal.ts';

const longest = 4096;

/** A password from standard input: typed without being shown, or the first line of what is piped. */
export async function readPassword(terminal: Pick<Terminal, 'note'>): Promise<string> {
  const { stdin } = process;
  if (!stdin.isTTY) return firstLine(stdin);
  terminal.note('Password: ');
  stdin.setRawMode(true);
  try {
    return await typed(stdin);
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    terminal.note('\n');
  }
}

async function firstLine(stdin: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > longest || chunk.includes(10)) break;
  }
  return Buffer.concat(chunks).toString('utf8').split(/\r?\n/, 1)[0]!;
}

const enter = new Set(['\r', '\n', '\u0004']);
const backspace = new Set(['\u007f', '\b']);
const interrupt = '\u0003';

function typed(stdin: NodeJS.ReadStream): Promise<string> {
  return new Promise((resolve) => {
    let password = '';
    const onData = (chunk: Buffer): void => {
      for (const character of chunk.toString('utf8')) {
        if (character === interrupt) process.kill(process.pid, 'SIGINT');
        else if (enter.has(character)) {
          stdin.off('data', onData);
          resolve(password);
          return;
        } else if (backspace.has(character)) password = [...password].slice(0, -1).join('');
        else password += character;
      }
    };
    stdin.on('data', onData);
  });
}
