import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body as they came. */
  readonly text: string;
  readonly encrypted: boolean;
  readonly user?: string;
}

/** A stand-in of an SMTP server: it keeps what it is sent. */
export interface SmtpStandIn {
  readonly host: string;
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  close(): Promise<void>;
}

export interface SmtpBehaviour {
  /** Only this user may send. */
  readonly login?: { readonly user: string; readonly password: string };
  /** PEM: offers STARTTLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Recipients that it knows nobody of. */
  readonly unknown?: readonly string[];
  /** Said in place of the greeting: a server that is no SMTP server. */
  readonly greeting?: string;
  /** Repeats the command it refuses, as some do. */
  readonly echoes?: boolean;
}

export async function startSmtp(behaviour: SmtpBehaviour = {}): Promise<SmtpStandIn> {
  const mails: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.write(`${behaviour.greeting ?? '220 stand-in ESMTP'}\r\n`);
    talk(socket, behaviour, mails, false);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    mails,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function talk(socket: Socket, behaviour: SmtpBehaviour, mails: ReceivedMail[], encrypted: boolean): void {
  let user: string | undefined;
  let from = '';
  let to: string[] = [];
  let data: string[] | undefined;
  let rest = '';
  const say = (...lines: string[]): void => void socket.write(lines.map((line) => `${line}\r\n`).join(''));
  const command = (line: string): void => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') {
      const offers = [
        ...(behaviour.tls && !encrypted ? ['STARTTLS'] : []),
        ...(behaviour.login ? ['AUTH PLAIN'] : []),
        '8BITMIME',
      ];
      say('250-stand-in', ...offers.map((offer, i) => `250${i === offers.length - 1 ? ' ' : '-'}${offer}`));
    } else if (verb === 'STAR' && behaviour.tls) {
      say('220 go ahead');
      socket.removeAllListeners('data');
      const secure = new TLSSocket(socket, { isServer: true, ...behaviour.tls });
      secure.on('error', () => secure.destroy());
      talk(secure, behaviour, mails, true);
    } else if (verb === 'AUTH') {
      const [, name, password] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
        .toString()
        .split('\0');
      const { login } = behaviour;
      if (login && name === login.user && password === login.password) {
        user = name;
        say('235 welcome');
      } else say(behaviour.echoes ? `535 not with ${password}` : '535 wrong user or password');
    } else if (verb === 'MAIL') {
      from = /<(.*)>/.exec(line)?.[1] ?? '';
      to = [];
      say(behaviour.login && !user ? '530 sign in first' : '250 ok');
    } else if (verb === 'RCPT') {
      const recipient = /<(.*)>/.exec(line)?.[1] ?? '';
      if (behaviour.unknown?.includes(recipient)) say(`550 nobody here is ${recipient}`);
      else {
        to.push(recipient);
        say('250 ok');
      }
    } else if (verb === 'DATA') {
      data = [];
      say('354 go on');
    } else if (verb === 'QUIT') {
      say('221 bye');
      socket.end();
    } else say('502 not here');
  };
  socket.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\r\n');
    rest = lines.pop()!;
    for (const line of lines) {
      if (!data) command(line);
      else if (line === '.') {
        mails.push({ from, to, text: data.join('\n'), encrypted, ...(user !== undefined && { user }) });
        data = undefined;
        say('250 taken');
      } else data.push(line.startsWith('..') ? line.slice(1) : line);
    }
  });
}
