'use strict';
// Calls over mutual TLS with grpc-js: tls.js ADDRESS CA CERTIFICATE KEY.

const fs = require('fs');
const grpc = require('@grpc/grpc-js');
const { Report } = require('./harness');

// Bytes as they are: the health service's request is empty, and its reply is one enum.
const same = (bytes) => bytes;
const SERVING = '0801';

function check(client) {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest('/grpc.health.v1.Health/Check', same, same, Buffer.alloc(0), { deadline: Date.now() + 10000 }, (error, reply) => (error ? reject(error) : resolve(reply.toString('hex'))));
  });
}

async function main([address, ca, certificate, key]) {
  const report = new Report();
  const root = fs.readFileSync(ca);
  // A ping every 200 ms on a connection that carries nothing else.
  const pings = { 'grpc.keepalive_time_ms': 200, 'grpc.keepalive_timeout_ms': 2000, 'grpc.keepalive_permit_without_calls': 1 };
  const client = new grpc.Client(address, grpc.credentials.createSsl(root, fs.readFileSync(key), fs.readFileSync(certificate)), pings);
  report.check('a call', (await check(client)) === SERVING);
  const watch = client.makeServerStreamRequest('/grpc.health.v1.Health/Watch', same, same, Buffer.alloc(0));
  watch.on('error', () => {});
  const first = await new Promise((resolve) => watch.once('data', resolve));
  report.check('a stream', first.toString('hex') === SERVING);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  report.check('the same connection after pings', (await check(client)) === SERVING);
  watch.cancel();
  client.close();
  const nameless = new grpc.Client(address, grpc.credentials.createSsl(root));
  try {
    await check(nameless);
    report.check('without a certificate', false);
  } catch (error) {
    report.check('without a certificate', error.code === grpc.status.UNAVAILABLE, error.details);
  }
  nameless.close();
  console.log(`${report.passed} passed, ${report.failed} failed`);
  process.exitCode = report.failed ? 1 : 0;
}

main(process.argv.slice(2));
