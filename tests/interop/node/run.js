'use strict';
// Runs every scenario: run.js HOST:PORT ECHO_PROTO. Exits with 1 if a check failed.

const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const calls = require('./calls');
const failures = require('./failures');
const standard = require('./standard');
const { Report } = require('./harness');

async function main(target, proto) {
  const { Echo, CompressedEcho } = grpc.loadPackageDefinition(loader.loadSync(proto, { longs: Number, defaults: true })).echo.v1;
  const options = { 'grpc.max_receive_message_length': 64 << 20 };
  const insecure = grpc.credentials.createInsecure();
  const echo = new Echo(target, insecure, options);
  const report = new Report();
  for (const [name, algorithm] of [['identity', 0], ['gzip', 2]]) {
    const client = new Echo(target, insecure, { ...options, 'grpc.default_compression_algorithm': algorithm });
    await report.run(`four kinds ${name}`, (r) => calls.fourKinds(r, client, name));
    client.close();
  }
  const compressed = new CompressedEcho(target, insecure, options);
  await report.run('compressed answers', (r) => calls.compressedAnswers(r, compressed));
  for (const scenario of [calls.metadata, calls.many, ...Object.values(failures)]) {
    await report.run(scenario.name, (r) => scenario(r, echo));
  }
  await report.run('health', (r) => standard.health(r, target));
  for (const version of ['v1', 'v1alpha']) await report.run(`reflection ${version}`, (r) => standard.reflection(r, target, version));
  console.log(`${report.passed} passed, ${report.failed} failed`);
  process.exit(report.failed ? 1 : 0);
}

main(process.argv[2], process.argv[3]);
