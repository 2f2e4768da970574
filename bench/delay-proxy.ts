import { connect as connectTo, createServer, type Socket } from 'node:net';

/**
 * Stands between a client and a server on this machine as a network does: each piece of data arrives some time later. Prints its
 * port. `node bench/delay-proxy.ts <port of the server> <milliseconds one way>`
 */
const [port, delay] = process.argv.slice(2).map(Number) as [number, number];

function pass(from: Socket, to: Socket): void {
  from.on('data', (chunk) => setTimeout(() => to.write(chunk), delay));
  from.on('close', () => setTimeout(() => to.destroy(), delay));
  from.on('error', () => undefined);
}

const server = createServer({ noDelay: true }, (client) => {
  const upstream = connectTo({ port, host: '127.0.0.1', noDelay: true });
  pass(client, upstream);
  pass(upstream, client);
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as { port: number }).port));
