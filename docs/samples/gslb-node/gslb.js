'use strict';
// Answers "which edge for this client's subnet?" as an authoritative DNS server would have to: node gslb.js HOST:PORT [DEADLINE_S [KEEP_S]]
// Questions come on standard input, "SERVICE SUBNET" a line; answers go to standard output. README.md says how to run it.

const net = require('net');
const path = require('path');
const readline = require('readline');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

// A pause after a failure that names none, and the longest that is believed; seconds, as all times here.
const PAUSE = 1;
const LONGEST_PAUSE = 60;
// How long an answer may be given after its time while there is none better, and with which time to live.
const LONGEST_STALE = 3600;
const STALE_TTL = 5;
const MOST_KEPT = 10000;

const now = () => Number(process.hrtime.bigint()) / 1e9;

// An address's 4 or 16 bytes.
function bytesOf(address) {
  if (net.isIPv4(address)) return address.split('.').map(Number);
  if (!net.isIPv6(address)) throw new Error(`${address} is no address`);
  const [head, tail] = address.split('::').map((part) => (part ? part.split(':') : []));
  const groups = tail ? [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail] : head;
  return groups.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]);
}

// The prefix of this length around a network, as text that is the same for the same prefix.
function key(service, bytes, length) {
  const cut = bytes.map((byte, i) => byte & (0xff00 >> Math.min(8, Math.max(0, length - 8 * i))) & 255);
  return `${service} ${cut.join('.')}/${length}`;
}

// Seconds until the next call: what the service asks for where it is full, else a short pause, so that not every question waits for a deadline.
function pauseAfter(error) {
  const [told] = error.metadata ? error.metadata.get('grpc-retry-pushback-ms') : [];
  return /^\d+$/.test(told || '') ? Math.min(Number(told) / 1000, LONGEST_PAUSE) : PAUSE;
}

function line(answer, at) {
  const ttl = at < answer.freshUntil ? Math.max(1, Math.round(answer.freshUntil - at)) : STALE_TTL;
  return `${answer.name} ${answer.records}; ttl ${ttl}, scope /${answer.scope}`;
}

const lastGood = (kept, at, why) => (kept && at < kept.staleUntil ? `${line(kept, at)} (last good: ${why})` : `no answer (${why})`);

// Asks the service, keeps what it said for its time and scope, and falls back to it when there is no newer word.
class Desk {
  constructor(routing, deadline, longestKeep) {
    Object.assign(this, { routing, deadline, longestKeep, kept: new Map(), quietUntil: 0 });
  }

  async answer(service, subnet) {
    const [address, length] = subnet.split('/');
    const [bytes, at] = [bytesOf(address), now()];
    const kept = this.find(service, bytes, Number(length));
    if (kept && at < kept.freshUntil) return `${line(kept, at)} (kept)`;
    if (at < this.quietUntil) return lastGood(kept, at, 'waiting before the next call');
    const { error, reply } = await this.resolve({ service, clientSubnet: subnet, count: 1 });
    if (!error) return `${line(this.keep(service, bytes, Number(length), reply, at), at)} (asked)`;
    // Ours to mend: an older answer would hide it.
    if ([grpc.status.INVALID_ARGUMENT, grpc.status.NOT_FOUND].includes(error.code)) return `refused: ${error.details}`;
    this.quietUntil = at + pauseAfter(error);
    return lastGood(kept, at, grpc.status[error.code]);
  }

  resolve(request) {
    const deadline = Date.now() + this.deadline * 1000;
    return new Promise((done) => this.routing.Resolve(request, { deadline }, (error, reply) => done({ error, reply })));
  }

  // The kept answer whose scope holds the subnet; the narrowest of several.
  find(service, bytes, length) {
    for (let scope = length; scope >= 0; scope--) {
      const found = this.kept.get(key(service, bytes, scope));
      if (found) return found;
    }
    return undefined;
  }

  keep(service, bytes, length, reply, at) {
    const [edge] = reply.edges;
    const answer = {
      name: edge ? edge.id : 'no edge:',
      records: edge ? edge.endpoints.map((e) => `${e.type} ${e.value}`).join(', ') : reply.fallbackHost ? `CNAME ${reply.fallbackHost}` : 'no records',
      scope: reply.scopePrefixLen,
      freshUntil: at + Math.min(reply.ttl, this.longestKeep),
      staleUntil: at + LONGEST_STALE,
    };
    // A scope narrower than the question was answered for the question's subnet only.
    const place = key(service, bytes, Math.min(reply.scopePrefixLen, length));
    this.kept.delete(place);
    // The oldest goes: a Map keeps the order of insertion.
    if (this.kept.size >= MOST_KEPT) this.kept.delete(this.kept.keys().next().value);
    this.kept.set(place, answer);
    return answer;
  }
}

async function main([address, deadline = '0.25', keep = '300']) {
  const protos = path.join(__dirname, '..', '..', '..', 'src', 'Dispatch.Protocol', 'proto');
  const { Routing } = grpc.loadPackageDefinition(loader.loadSync('dispatch/v1/routing.proto', { includeDirs: [protos], defaults: true, enums: String, longs: Number })).dispatch.v1;
  // A service that comes back is found within a second, not after grpc's two minutes.
  const routing = new Routing(address, grpc.credentials.createInsecure(), { 'grpc.max_reconnect_backoff_ms': 1000 });
  const desk = new Desk(routing, Number(deadline), Number(keep));
  for await (const question of readline.createInterface({ input: process.stdin })) {
    const [service, subnet] = question.split(' ');
    console.log(`${service} ${subnet} -> ${await desk.answer(service, subnet)}`);
  }
  routing.close();
}

main(process.argv.slice(2));
