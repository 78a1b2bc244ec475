'use strict';
// Calls that fail: each must end with the status that the protocol asks for, and in time.

const grpc = require('@grpc/grpc-js');
const { unary, drain } = require('./harness');

const Code = grpc.status;
const empty = () => new grpc.Metadata();

async function statuses(report, echo) {
  let { error } = await unary(echo, 'Unary', { behaviour: 1 }, empty());
  report.check('NOT_FOUND', error.code === Code.NOT_FOUND && error.details === 'no ‘pöol’ at 100%\n', error.details);
  report.check('trailers of failure', error.metadata.get('x-trail')[0] === 't1' && error.metadata.get('x-trail-bin')[0].equals(Buffer.from([1, 2, 255])));
  ({ error } = await unary(echo, 'Unary', { behaviour: 4 }, empty()));
  report.check('exception is UNKNOWN', error.code === Code.UNKNOWN && !error.details.includes('secret'), error.details);
  ({ error } = await unary(echo, 'Unary', { behaviour: 6 }, empty()));
  report.check('status of the context', error.code === Code.FAILED_PRECONDITION, error.details);
  const { messages, status } = await drain(echo.Expand({ count: 3, behaviour: 8 }));
  report.check('stream, then ABORTED', messages.length === 3 && status.code === Code.ABORTED && status.details === 'after 3', status.details);
}

async function deadlines(report, echo) {
  for (const [name, behaviour] of [['token honoured', 2], ['token ignored', 3]]) {
    const start = Date.now();
    const { error } = await unary(echo, 'Unary', { behaviour }, empty(), { deadline: start + 300 });
    report.check(`deadline, ${name}`, error.code === Code.DEADLINE_EXCEEDED && Date.now() - start < 4000, `${Date.now() - start} ms`);
  }
  const { status } = await drain(echo.Expand({ count: 1000, pauseMs: 50 }, empty(), { deadline: Date.now() + 400 }));
  report.check('deadline of a stream', status.code === Code.DEADLINE_EXCEEDED);
}

async function cancellation(report, echo) {
  const cancelled = await new Promise((resolve) => {
    const call = echo.Unary({ behaviour: 2 }, (e) => resolve(e));
    setTimeout(() => call.cancel(), 150);
  });
  report.check('cancelled unary', cancelled.code === Code.CANCELLED);
  const stream = echo.Expand({ count: 1000000, responseBytes: 1000 });
  stream.once('data', () => stream.cancel());
  const { status } = await drain(stream);
  report.check('cancelled stream', status.code === Code.CANCELLED);
}

async function limits(report, echo) {
  let { error } = await unary(echo, 'Unary', { payload: Buffer.alloc(2 << 20, 'z') }, empty());
  report.check('request too large', error && error.code === Code.RESOURCE_EXHAUSTED, error && error.details);
  ({ error } = await unary(echo, 'Unary', { responseBytes: 9 << 20 }, empty()));
  report.check('answer too large', error && error.code === Code.RESOURCE_EXHAUSTED, error && error.details);
}

async function unknownAndMalformed(report, echo) {
  const raw = (path, bytes) => new Promise((resolve) => {
    echo.makeUnaryRequest(path, (x) => x, (x) => x, Buffer.from(bytes), (e) => resolve(e));
  });
  report.check('unknown method', (await raw('/echo.v1.Echo/Nope', [])).code === Code.UNIMPLEMENTED);
  report.check('unknown service', (await raw('/no.Such/Thing', [])).code === Code.UNIMPLEMENTED);
  report.check('malformed message', (await raw('/echo.v1.Echo/Unary', [255, 255, 255])).code === Code.INTERNAL);
}

module.exports = { statuses, deadlines, cancellation, limits, unknownAndMalformed };
