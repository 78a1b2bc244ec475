'use strict';
// Health and reflection, with the protos of other packages than ours.

const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const { unary } = require('./harness');

const modules = `${__dirname}/node_modules`;
const load = (path) => grpc.loadPackageDefinition(loader.loadSync(`${modules}/${path}`, { enums: String, defaults: true })).grpc;

async function health(report, target) {
  const { Health } = load('grpc-health-check/proto/health/v1/health.proto').health.v1;
  const client = new Health(target, grpc.credentials.createInsecure());
  const { error, reply } = await unary(client, 'Check', {}, new grpc.Metadata());
  report.check('health of the server', !error && reply.status === 'SERVING', error);
  const unknown = await unary(client, 'Check', { service: 'unheard.of' }, new grpc.Metadata());
  report.check('health of an unknown service', unknown.error.code === grpc.status.NOT_FOUND);
  const watch = client.Watch({ service: 'unheard.of' });
  watch.on('error', () => {});
  const first = await new Promise((resolve) => watch.once('data', resolve));
  report.check('watch of an unknown service', first.status === 'SERVICE_UNKNOWN', first.status);
  watch.cancel();
  client.close();
}

async function reflection(report, target, version) {
  const { ServerReflection } = load(`@grpc/reflection/build/proto/grpc/reflection/${version}/reflection.proto`).reflection[version];
  const client = new ServerReflection(target, grpc.credentials.createInsecure());
  const call = client.ServerReflectionInfo();
  const answers = [];
  call.on('data', (answer) => answers.push(answer));
  call.write({ listServices: '' });
  call.write({ fileContainingSymbol: 'echo.v1.Echo' });
  call.write({ fileByFilename: 'no.proto' });
  call.end();
  await new Promise((resolve) => call.on('status', resolve).on('error', () => {}));
  const names = answers[0].listServicesResponse.service.map((s) => s.name);
  report.check(`reflection ${version} list`, names.includes('echo.v1.Echo') && names.length === 5, names.join());
  report.check(`reflection ${version} symbol`, answers[1].fileDescriptorResponse.fileDescriptorProto.length === 1);
  report.check(`reflection ${version} unknown`, answers[2].errorResponse.errorCode === grpc.status.NOT_FOUND);
  client.close();
}

module.exports = { health, reflection };
